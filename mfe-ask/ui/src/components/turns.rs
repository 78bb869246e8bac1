//! Turns below each other.

use std::rc::Rc;

use yew::prelude::*;

use super::turn_view::TurnView;
use crate::{transcript::Turn, ways::Ways};

/// Props of [`Older`].
#[derive(Clone, Properties)]
pub(crate) struct OlderProps {
    /// What it shows.
    pub(crate) turns: Rc<Vec<Rc<Turn>>>,
    /// What can be done.
    pub(crate) ways: Ways,
}

// By identity, as of each turn.
impl PartialEq for OlderProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.turns, &other.turns)
    }
}

/// The turns from further back, which a new word does not even look at.
#[component]
pub(crate) fn Older(props: &OlderProps) -> Html {
    props.turns.iter().map(|turn| show(turn, &props.ways)).collect()
}

/// A turn among others.
pub(crate) fn show(turn: &Rc<Turn>, ways: &Ways) -> Html {
    html! { <TurnView key={turn.run} turn={turn.clone()} ways={ways.clone()} /> }
}

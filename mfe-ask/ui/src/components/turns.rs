//! Turns below each other.

use std::rc::Rc;

use shared_ui::part;
use yew::prelude::*;

use super::turn_view::{Turning, use_turn};
use crate::{transcript::Turn, ways::Ways};

struct Older {
    turns: Rc<Vec<Rc<Turn>>>,
    ways: Ways,
}

// By identity, as of each turn.
impl PartialEq for Older {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.turns, &other.turns)
    }
}

/// The turns from further back, which a new word does not even look at.
pub(crate) fn older(turns: &Rc<Vec<Rc<Turn>>>, ways: &Ways) -> Html {
    part("older", Older { turns: Rc::clone(turns), ways: ways.clone() }, use_older)
}

#[hook]
fn use_older(all: Rc<Older>) -> Html {
    all.turns.iter().map(|turn| show(turn, &all.ways)).collect()
}

/// A turn among others.
pub(crate) fn show(turn: &Rc<Turn>, ways: &Ways) -> Html {
    part(turn.run, Turning { turn: Rc::clone(turn), ways: ways.clone() }, use_turn)
}

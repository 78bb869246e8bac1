//! What every part of the page needs: the state that it shows and the ways to another.
//!
//! The parts are functions and not components unless they need hooks: a component costs about 600
//! bytes (brotli) for its own copy of Yew's machinery.

use std::rc::Rc;

use shared_ui::kit::Host;
use yew::prelude::*;

use crate::{
    state::SearchState,
    tag::{Tag, tag},
};

/// Handed from part to part; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Ui {
    pub(crate) host: Host,
    pub(crate) state: Rc<SearchState>,
    /// Goes to a state, as a step of the history; the page stays where it is scrolled to.
    pub(crate) go: Callback<SearchState>,
}

// By identity: a state is made anew only when the location changes.
impl PartialEq for Ui {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state) && self.host == other.host
    }
}

impl Ui {
    fn on_click(&self, next: SearchState) -> Callback<MouseEvent> {
        let go = self.go.clone();
        Callback::from(move |_| go.emit(next.clone()))
    }

    /// Returns a link within the site, which the host takes over.
    pub(crate) fn link(&self, class: &'static str, to: &str) -> Tag {
        tag("a", class).with("href", &self.host.href(to))
    }

    /// Returns a button that goes to `next`.
    pub(crate) fn button(&self, class: &'static str, next: SearchState) -> Tag {
        tag("button", class).set("type", "button").click(self.on_click(next))
    }
}

/// The path of a story.
pub(crate) fn story_path(id: &str) -> String {
    ["/story/", id].concat()
}

#[cfg(test)]
pub(crate) mod tests {
    //! Rendering parts in tests.

    use std::rc::Rc;

    pub(crate) use shared_ui::testing::render;
    use shared_ui::{Location, kit::Host};
    use yew::prelude::*;

    use super::Ui;
    use crate::state::SearchState;

    pub(crate) fn at(path: &str) -> Ui {
        let state = Rc::new(SearchState::from_location(&Location::parse(path)));
        Ui { host: Host::fixed(path), state, go: Callback::noop() }
    }
}

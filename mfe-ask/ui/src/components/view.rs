//! What of a turn is open, and what was said of it.

use std::rc::Rc;

use shared_ui::hooks::lean::Setter;
use yew::prelude::*;

/// The state of a turn's part of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct View {
    /// The mark whose quotation is open, counted from 0.
    pub(super) mark: Option<usize>,
    /// The source cards that are open, a bit each.
    pub(super) cards: u32,
    /// All source cards are shown.
    pub(super) all: bool,
    /// What the person said of the answer on this visit.
    pub(super) helpful: Option<bool>,
    /// The person is asked why the answer did not help.
    pub(super) why: bool,
    /// What became of the last action.
    pub(super) said: &'static str,
}

/// What can happen to it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    /// A mark was pressed.
    Mark(usize),
    /// The quotation is closed.
    Unmark,
    /// A card was pressed.
    Card(usize),
    /// All cards are wanted.
    All,
    /// The answer helped, or did not.
    Judged(bool),
    /// The reason was told, or will not be.
    Reasoned(&'static str),
    /// There is something to say of an action.
    Said(&'static str),
}

impl Reducible for View {
    type Action = Change;

    fn reduce(mut self: Rc<Self>, change: Change) -> Rc<Self> {
        let this = Rc::make_mut(&mut self);
        match change {
            Change::Mark(mark) => this.mark = Some(mark).filter(|_| this.mark != Some(mark)),
            Change::Unmark => this.mark = None,
            // An answer has at most a few sources.
            Change::Card(card) => this.cards ^= 1 << (card & 31),
            Change::All => this.all = true,
            Change::Judged(helpful) => {
                this.helpful = Some(helpful);
                this.why = !helpful;
                this.said = if helpful { "Thank you" } else { "" };
            }
            Change::Reasoned(said) => {
                this.why = false;
                this.said = said;
            }
            Change::Said(said) => this.said = said,
        }
        self
    }
}

/// Changes the state of a turn.
pub(super) type Changes = Setter<View>;

/// Returns what a click does.
pub(super) fn on_click(changes: &Changes, change: Change) -> Callback<MouseEvent> {
    let changes = changes.clone();
    Callback::from(move |_| changes.dispatch(change))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use yew::Reducible;

    use super::{Change, View};

    fn after(changes: &[Change]) -> View {
        *changes.iter().fold(Rc::new(View::default()), |view, change| view.reduce(*change))
    }

    #[test]
    fn one_quotation_is_open_and_a_second_press_closes_it() {
        assert_eq!(after(&[Change::Mark(1), Change::Mark(2)]).mark, Some(2));
        assert_eq!(after(&[Change::Mark(2), Change::Mark(2)]).mark, None);
        assert_eq!(after(&[Change::Mark(2), Change::Unmark]).mark, None);
    }

    #[test]
    fn cards_open_and_close_each_for_itself() {
        assert_eq!(after(&[Change::Card(0), Change::Card(2)]).cards, 0b101);
        assert_eq!(after(&[Change::Card(0), Change::Card(2), Change::Card(0)]).cards, 0b100);
    }

    #[test]
    fn only_who_was_not_helped_is_asked_why() {
        assert!(!after(&[Change::Judged(true)]).why);
        assert!(after(&[Change::Judged(false)]).why);
        let reasoned = after(&[Change::Judged(false), Change::Reasoned("Thank you")]);
        assert_eq!(
            (reasoned.why, reasoned.said, reasoned.helpful),
            (false, "Thank you", Some(false))
        );
    }
}

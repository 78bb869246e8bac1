//! The parts of a story, in reading order.

use std::rc::Rc;

use mfe_stories_api::Story;
use yew::NodeRef;

/// The elements of [`Section::ALL`].
pub(crate) type SectionNodes = Rc<[NodeRef; Section::ALL.len()]>;

/// A part with its own heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Situation,
    Task,
    Action,
    Result,
    /// How it was done and what it measured.
    Course,
}

impl Section {
    /// All, in reading order.
    pub(crate) const ALL: [Self; 5] =
        [Self::Situation, Self::Task, Self::Action, Self::Result, Self::Course];

    /// Returns its heading.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Situation => "Situation",
            Self::Task => "Task",
            Self::Action => "Action",
            Self::Result => "Result",
            Self::Course => "How it went",
        }
    }

    /// Whether `story` has anything to say in it.
    pub(crate) fn is_in(self, story: &Story) -> bool {
        match self {
            Self::Situation => !story.situation.is_empty(),
            Self::Task => !story.task.is_empty(),
            Self::Action => !story.action.is_empty(),
            Self::Result => !story.result.is_empty(),
            Self::Course => !story.process.is_empty() || !story.performance.is_empty(),
        }
    }
}

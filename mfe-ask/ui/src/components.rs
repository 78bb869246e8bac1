//! The parts of the page, one a file; their rules are in `ask.css`, in this order.

mod answer_text;
mod composer;
mod landing;
mod pinned_story;
mod questions;
mod source_card;
mod turn_view;

pub(crate) use answer_text::AnswerText;
pub(crate) use composer::Composer;
pub(crate) use landing::Landing;
pub(crate) use pinned_story::PinnedStory;
pub(crate) use questions::Questions;
pub(crate) use source_card::SourceCard;
pub(crate) use turn_view::TurnView;

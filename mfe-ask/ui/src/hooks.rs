//! The page's effects, one a file.

mod scrolling;
mod use_arrival;
mod use_conversation;
mod use_draft;
mod use_follow;
mod use_return;

pub(crate) use scrolling::{focus_quietly, show};
pub(crate) use use_arrival::use_arrival;
pub(crate) use use_conversation::use_conversation;
pub(crate) use use_draft::use_draft;
pub(crate) use use_follow::{Followed, Place, use_follow};
pub(crate) use use_return::use_return;

//! The pages, one a file.

mod conversation;

pub(crate) use conversation::Conversation;

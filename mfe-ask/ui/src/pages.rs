//! The pages, one a file.

mod conversation;

pub(crate) use conversation::use_page;

//! Effects on the document.

mod use_document_event;
mod use_outside_close;
mod use_slash_key;

pub(crate) use use_document_event::use_document_event;
pub(crate) use use_outside_close::use_outside_close;
pub(crate) use use_slash_key::use_slash_key;

//! Effects on the document, and what needs more than one request.

mod use_document_event;
mod use_outside_close;
mod use_return;
mod use_rows;
mod use_slash_key;

pub(crate) use use_document_event::use_document_event;
pub(crate) use use_outside_close::use_outside_close;
pub(crate) use use_return::{remember, use_return};
pub(crate) use use_rows::use_rows;
pub(crate) use use_slash_key::use_slash_key;

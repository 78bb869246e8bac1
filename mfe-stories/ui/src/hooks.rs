//! The hooks of this remote, one a file.

mod use_trail;

pub(crate) use use_trail::use_trail;

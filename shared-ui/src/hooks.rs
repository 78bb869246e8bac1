//! Hooks that remotes share, one a file.

pub mod lean;
mod use_debounced;
mod use_handover;
mod use_host;
mod use_location;
mod use_query;
mod use_title;
mod use_virtual;

pub use use_debounced::use_debounced;
pub use use_handover::{use_restored, use_restored_value, use_save, use_save_value};
pub use use_host::use_host;
pub use use_location::use_location;
pub use use_query::{Query, use_query};
pub use use_title::use_title;
pub use use_virtual::use_virtual;

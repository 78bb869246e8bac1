//! The stories remote.

mod app;
pub mod lifecycle;

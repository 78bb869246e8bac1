//! The industries remote.

mod app;
pub mod lifecycle;

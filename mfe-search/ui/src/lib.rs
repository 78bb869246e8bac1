//! The search remote.

mod app;
pub mod lifecycle;

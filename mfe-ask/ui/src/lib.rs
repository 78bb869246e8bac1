//! The ask remote.

mod app;
pub mod lifecycle;

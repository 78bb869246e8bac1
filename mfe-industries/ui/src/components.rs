//! The components, one a file.

mod screen;

pub(crate) use screen::Screen;

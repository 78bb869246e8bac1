//! The stories remote: the page that one story is read on, at `/story/:id`.
//!
//! Not here: lists and filters, which are the search remote's; answers, which are the ask remote's.

pub mod app;
mod client;
mod components;
pub mod lifecycle;
mod pages;
mod section;
mod story_id;

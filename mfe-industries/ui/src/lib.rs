//! The industries remote: the work by industry, as an index and a page for each.
//!
//! Not here: the stories themselves (`/story/:id`) and filtering them (`/?industry=…`); both are links.

pub mod app;
mod client;
mod components;
pub mod lifecycle;
mod page;
mod pages;
#[cfg(test)]
mod samples;
mod wording;

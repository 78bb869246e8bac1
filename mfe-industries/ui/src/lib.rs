//! The industries remote: the work by industry and capability, as an index and a page for each.
//!
//! Pages are plain functions from data to markup (`pages`), shown by one component (`components::Screen`):
//! a component of its own for each part would cost the bundle about 0.7 KB (brotli) apiece.
//!
//! Not here: the stories themselves (`/story/:id`) and filtering them (`/?industry=…`); both are links.

pub mod app;
mod components;
mod data;
pub mod lifecycle;
mod page;
mod pages;
mod parts;
#[cfg(test)]
mod samples;
mod wording;

//! The industries remote: the work by industry and capability, as an index and a page for each.
//!
//! Pages are plain functions from data to markup (`pages`), shown by one component (`components::Screen`):
//! each further component would cost the bundle about 0.8 KB (brotli), whatever it draws.
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

//! The stories remote: the page that one story is read on, at `/story/:id`.
//!
//! The page is one component with all the hooks; its parts are functions, because each component costs the
//! bundle about 1 KB (brotli) for its own copy of Yew's machinery. `outline`, `metric`, `walk` and `story_id`
//! are pure.
//!
//! Not here: lists and filters, which are the search remote's; answers, which are the ask remote's.

pub mod app;
mod client;
mod hooks;
pub mod lifecycle;
mod metric;
mod outline;
mod page;
mod parts;
mod share;
mod story_id;
mod walk;
mod wire;

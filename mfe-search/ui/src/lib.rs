//! The search remote: the landing page and the results, on one page at `/`.
//!
//! Not here: ranking, snippets and counts, which are the service's; history, which is the host's.

pub mod app;
mod client;
mod components;
mod facet;
mod found;
mod handover;
mod hooks;
mod keys;
pub mod lifecycle;
mod marked;
mod pages;
mod state;
mod timeline;
mod trail;
mod ui;
mod wire;

use shared_ui::tag;

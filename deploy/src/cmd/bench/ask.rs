//! How good answers are, and how soon they begin: asked over HTTP, through a gateway, as a browser does.
//!
//! The site is the one that runs, or one of its own that is started for it and ended after it.

mod client;
mod load;
mod quality;
mod site;

pub(super) use client::Visitor;
pub(super) use load::{Load, run as load};
pub(super) use quality::run as quality;

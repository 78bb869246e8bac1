//! The host: the page's frame, history, and the slot in which remotes are mounted.
//!
//! It learns everything about remotes from `/manifest.json`. Not here: the name of any remote, any
//! word of a domain.

mod account;
mod app;
pub mod lifecycle;
mod site;
mod view;

mod beacons;
mod bus;
mod devtools;
mod fetch;
mod follow;
mod get;
mod history;
mod links;
mod manifest;
mod overrides;
mod page;
mod preferences;
mod report;
mod router;
mod scroll;
mod slot;
mod title;
mod wire;

mod components;
mod js;

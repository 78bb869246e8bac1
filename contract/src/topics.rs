//! Topics of `host.publish` and `host.subscribe` that every host and remote understands.
//!
//! Remotes may use further topics among themselves; those begin with the publishing remote's name.

use serde::{Deserialize, Serialize};

/// Latched. `{ "title": string }`: the page's title, without the site's name.
pub const TITLE: &str = "page.title";
/// Not latched. `{ "message": string }`: read out in the shell's live region.
pub const ANNOUNCE: &str = "page.announce";

/// Latched. A [`Trail`]: the list that the person is walking along. A remote that shows a list publishes it,
/// a remote that shows one of its entries offers the neighbours and the way back.
pub const TRAIL: &str = "page.trail";

/// A list of pages, such as the results of a search, or the part of it that was loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trail {
    /// Of the list itself.
    pub path: String,
    /// What the list is called, such as `Results for "kafka"`.
    pub label: String,
    /// In the order of the list.
    pub items: Vec<TrailItem>,
    /// Entries of the list before the first of `items`.
    pub before: u32,
    /// Entries of the whole list.
    pub total: u32,
}

/// An entry of a [`Trail`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrailItem {
    /// Of the page.
    pub path: String,
    /// What it is called.
    pub title: String,
}

/// Tells whether a late subscriber of `topic` gets its last value.
#[must_use]
pub fn is_latched(topic: &str) -> bool {
    topic != ANNOUNCE
}

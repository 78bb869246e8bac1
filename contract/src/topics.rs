//! Topics of `host.publish` and `host.subscribe` that the shell itself understands.
//!
//! Remotes may use further topics among themselves; those begin with the publishing remote's name.

/// Latched. `{ "title": string }`: the page's title, without the site's name.
pub const TITLE: &str = "page.title";
/// Not latched. `{ "message": string }`: read out in the shell's live region.
pub const ANNOUNCE: &str = "page.announce";

/// Tells whether a late subscriber of `topic` gets its last value.
#[must_use]
pub fn is_latched(topic: &str) -> bool {
    topic != ANNOUNCE
}

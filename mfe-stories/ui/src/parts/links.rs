//! Links within the site.

use shared_ui::{
    kit::Host,
    tag::{Tag, tag},
};

/// Begins a link, which the host takes over.
pub(super) fn link(host: &Host, class: &'static str, to: &str) -> Tag {
    tag("a", class).with("href", &host.href(to))
}

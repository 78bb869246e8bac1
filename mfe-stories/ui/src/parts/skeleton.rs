//! A story that is on its way.

use shared_ui::{kit::Host, tag::tag};
use yew::prelude::*;

use super::walk_bar;
use crate::walk::Walk;

/// The shape of the page, busy.
pub(crate) fn skeleton(host: &Host, walk: &Walk<'_>) -> Html {
    let shape = |class| tag("div", class).set("aria-hidden", "true").end();
    let figures = (0..3).map(|_| shape("skeleton skeleton--card"));
    tag("div", "page stories-page stories-skeleton")
        .set("aria-busy", "true")
        .with_text("h1", "visually-hidden", "Story")
        .add(walk_bar(host, walk))
        .add(shape("skeleton skeleton--chip"))
        .add(shape("skeleton skeleton--title"))
        .add(shape("skeleton skeleton--chip"))
        .add(tag("div", "stories-skeleton__figures").all(figures).end())
        .all((0..4).map(|_| shape("skeleton skeleton--text")))
        .end()
}

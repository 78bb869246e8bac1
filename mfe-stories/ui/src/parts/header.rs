//! The beginning of a story.

use mfe_stories_api::Story;
use shared_ui::{
    components::{IconName, icon},
    kit::Host,
    period,
    tag::tag,
    with_query,
};
use yew::prelude::*;

use super::{link, metrics};
use crate::share::Shared;

/// The page's heading with what, for whom, as what and when, what to do with it, and the figures.
///
/// What became of sharing stands beside the button; screen readers hear it from the host.
pub(crate) fn header(
    host: &Host,
    story: &Story,
    on_share: Callback<MouseEvent>,
    shared: Shared,
) -> Html {
    let narrowed = |facet: &'static str, value: &str| {
        link(host, "", &with_query("/", &[(facet, value)])).text(value).end()
    };
    let eyebrow = tag("p", "eyebrow stories-header__eyebrow")
        .add(narrowed("industry", &story.industry))
        .text(" · ")
        .add(narrowed("capability", &story.capability));
    let period = period(&story.start, story.end.as_deref());
    let rest = [" · ", &story.role, " · ", &period, " · ", &story.employer].concat();
    let about =
        tag("p", "stories-header__about").add(narrowed("client", &story.client)).text(&rest);
    let ask =
        link(host, "button button--primary", &with_query("/ask", &[("story", story.id.as_str())]));
    let share =
        tag("button", "button").set("type", "button").set("id", "stories-share").click(on_share);
    let actions = tag("div", "stories-header__actions")
        .add(ask.add(icon(IconName::Chat)).text("Ask about this").end())
        .add(share.add(share_icon()).text("Share").end())
        .with_text("span", "stories-header__shared", shared.said());
    tag("header", "stories-header")
        .add(eyebrow.end())
        .with_text("h1", "", &story.title)
        .add(about.end())
        .add(actions.end())
        .maybe(metrics(&story.metrics))
        .end()
}

/// A box with an arrow out of it. Only here, so not among the icons of all.
fn share_icon() -> Html {
    tag("svg", "icon")
        .set("viewBox", "0 0 24 24")
        .set("aria-hidden", "true")
        .add(tag("path", "").set("d", "M12 15V4M8 7.5 12 3.5l4 4M6 11.5H5v8.5h14v-8.5h-1").end())
        .end()
}

#[cfg(test)]
mod tests {
    use yew::Callback;

    use super::header;
    use crate::{
        parts::tests::{host, render, story},
        share::Shared,
    };

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_begins_with_what_for_whom_and_when() {
        let html = render(header(&host(), &story(), Callback::noop(), Shared::Copied)).await;
        assert_eq!(html.matches("<h1").count(), 1, "{html}");
        for part in [
            "<h1>Exiting the Mainframe</h1>",
            "href=\"/?industry=Financial+Services\"",
            "href=\"/?client=Northbank\"",
            " · Delivery Director · Mar 2017 – Oct 2018 · Brightwater",
            "href=\"/ask?story=exit-the-mainframe\"",
            ">Link copied</span>",
            ">$3.6M</strong>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}

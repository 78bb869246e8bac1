//! The way back, and along the list that one came from.

use contract::topics::TrailItem;
use shared_ui::{
    components::{IconName, icon},
    kit::Host,
    tag::tag,
};
use yew::prelude::*;

use super::link;
use crate::walk::Walk;

/// Above the story: back to the list, the place in it and its neighbours.
pub(crate) fn walk_bar(host: &Host, walk: &Walk<'_>) -> Html {
    let (path, label) = walk.back;
    let back = link(host, "stories-back", path)
        .add(icon(IconName::ArrowLeft))
        .with_text("span", "", label);
    let step = |item: Option<&TrailItem>, name: &'static str, arrow| {
        // Its place stays, so that the other arrow does not move under the pointer.
        let Some(item) = item else { return tag("span", "stories-walk__step").end() };
        let said = [name, ": ", &item.title].concat();
        link(host, "stories-walk__step", &item.path)
            .with("aria-label", &said)
            .add(icon(arrow))
            .end()
    };
    let steps = walk.place.map(|(position, total)| {
        let place = [position.to_string(), " of ".to_owned(), total.to_string()].concat();
        tag("div", "stories-walk__steps")
            .add(step(walk.before, "Previous", IconName::ArrowLeft))
            .with_text("span", "stories-walk__place", &place)
            .add(step(walk.after, "Next", IconName::ArrowRight))
            .end()
    });
    tag("nav", "stories-walk")
        .set("aria-label", "Where you came from")
        .add(back.end())
        .maybe(steps)
        .end()
}

/// Below the story: its neighbours by name. Nothing without any.
pub(crate) fn walk_on(host: &Host, walk: &Walk<'_>) -> Option<Html> {
    if walk.before.is_none() && walk.after.is_none() {
        return None;
    }
    let way = |item: Option<&TrailItem>, class, name| {
        item.map(|item| {
            let link = link(host, class, &item.path);
            link.with_text("span", "stories-on__name", name)
                .text(" ")
                .with_text("span", "", &item.title)
                .end()
        })
    };
    let nav = tag("nav", "stories-on").with("aria-label", &["More of ", walk.back.1].concat());
    let before = way(walk.before, "stories-on__way", "Previous");
    let after = way(walk.after, "stories-on__way is-next", "Next");
    Some(nav.maybe(before).maybe(after).end())
}

#[cfg(test)]
mod tests {
    use contract::topics::TrailItem;

    use super::{walk_bar, walk_on};
    use crate::{
        parts::tests::{host, render},
        walk::Walk,
    };

    #[tokio::test(flavor = "current_thread")]
    async fn the_list_is_left_by_name_and_walked_by_title() {
        let next = TrailItem { path: "/story/b".to_owned(), title: "B & C".to_owned() };
        let back = ("/?q=kafka", "Results for “kafka”");
        let walk = Walk { back, place: Some((3, 12)), before: None, after: Some(&next) };
        let html = render(walk_bar(&host(), &walk)).await;
        for part in [
            "href=\"/?q=kafka\"",
            "Results for “kafka”",
            ">3 of 12<",
            "href=\"/story/b\" aria-label=\"Next: B &amp; C\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("Previous"), "{html}");
        let html = render(walk_on(&host(), &walk).unwrap()).await;
        assert!(html.contains("aria-label=\"More of Results for “kafka”\""), "{html}");
        let alone = Walk { back: ("/", "All work"), place: None, before: None, after: None };
        assert!(!render(walk_bar(&host(), &alone)).await.contains("steps"));
        assert!(walk_on(&host(), &alone).is_none());
    }
}

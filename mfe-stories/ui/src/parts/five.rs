//! The five Ps: person, place, purpose, process, performance.

use mfe_stories_api::Story;
use shared_ui::tag::{Tag, tag};
use yew::prelude::*;

/// A section of terms with their descriptions; process and performance are lists. What is not said is left out.
pub(crate) fn five(story: &Story) -> Html {
    let list = tag("dl", "stories-five__list")
        .maybe(one("Person", &story.person))
        .maybe(one("Place", &story.place))
        .maybe(one("Purpose", &story.purpose))
        .maybe(many("Process", &story.process))
        .maybe(many("Performance", &story.performance));
    tag("section", "stories-five card")
        .set("aria-labelledby", "stories-five")
        .add(tag("h2", "stories-five__heading").set("id", "stories-five").text("The five Ps").end())
        .add(list.end())
        .end()
}

fn entry(term: &'static str, class: &'static str) -> Tag {
    tag("div", class).with_text("dt", "eyebrow", term)
}

fn one(term: &'static str, text: &str) -> Option<Html> {
    (!text.is_empty()).then(|| entry(term, "stories-five__entry").with_text("dd", "", text).end())
}

fn many(term: &'static str, texts: &[String]) -> Option<Html> {
    let entries = texts.iter().map(|text| tag("dd", "stories-five__item").text(text).end());
    (!texts.is_empty()).then(|| entry(term, "stories-five__entry").all(entries).end())
}

#[cfg(test)]
mod tests {
    use mfe_stories_api::Story;

    use super::five;
    use crate::parts::tests::{render, story};

    #[tokio::test(flavor = "current_thread")]
    async fn the_five_are_terms_in_their_order() {
        let html = render(five(&story())).await;
        let mut rest = html.as_str();
        for part in [
            ">Person</dt><dd>Retail customers</dd>",
            ">Place</dt><dd>Kelmouth</dd>",
            ">Purpose</dt><dd>Ideas were queued.</dd>",
            ">Process</dt><dd class=\"stories-five__item\">Slice by product</dd>",
            ">Performance</dt><dd class=\"stories-five__item\">19 months</dd>",
        ] {
            let found = rest.split_once(part);
            assert!(found.is_some(), "{part} in {html}");
            rest = found.unwrap().1;
        }
        let bare = Story { process: vec![], ..(*story()).clone() };
        assert!(!render(five(&bare)).await.contains("Process"));
    }
}

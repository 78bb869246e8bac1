//! What stands beside a story.

use mfe_stories_api::Story;
use shared_ui::{kit::Host, tag::tag, with_query};
use yew::prelude::*;

use super::link;

/// A complementary landmark: what it was made with, what it shows, when to tell it. Technologies lead to a search.
pub(crate) fn facts(host: &Host, story: &Story) -> Html {
    let technology = |name: &String| {
        let to = with_query("/", &[("q", name.as_str())]);
        tag("li", "").add(link(host, "chip", &to).text(name).end()).end()
    };
    let about = tag("dl", "stories-facts__list")
        .maybe(fact("Programme", &story.project))
        .maybe(fact("Scope", &story.scope));
    tag("aside", "stories-facts")
        .set("aria-label", "About this story")
        .maybe(group("Technologies", "stories-facts__tags", &story.tags, technology))
        .maybe(group("Competencies", "stories-facts__texts", &story.competencies, item))
        .maybe(group("Worth telling for", "stories-facts__texts", &story.use_cases, item))
        .add(about.end())
        .end()
}

fn group(
    heading: &'static str,
    class: &'static str,
    texts: &[String],
    item: impl Fn(&String) -> Html,
) -> Option<Html> {
    if texts.is_empty() {
        return None;
    }
    let list = tag("ul", class).all(texts.iter().map(item)).end();
    let group = tag("section", "stories-facts__group");
    Some(group.with_text("h2", "stories-facts__heading", heading).add(list).end())
}

#[expect(clippy::ptr_arg, reason = "one form of all items of a group")]
fn item(text: &String) -> Html {
    tag("li", "").text(text).end()
}

fn fact(term: &'static str, text: &str) -> Option<Html> {
    let fact = tag("div", "").with_text("dt", "", term).with_text("dd", "", text);
    (!text.is_empty()).then(|| fact.end())
}

#[cfg(test)]
mod tests {
    use mfe_stories_api::Story;

    use super::facts;
    use crate::parts::tests::{host, render, story};

    #[tokio::test(flavor = "current_thread")]
    async fn technologies_lead_to_a_search_and_the_rest_is_told() {
        let html = render(facts(&host(), &story())).await;
        for part in [
            ">Technologies</h2>",
            "href=\"/?q=core+banking\"",
            "<li>Cutover planning</li>",
            "<li>Leaving a mainframe</li>",
            "<dt>Programme</dt><dd>Ledger Exit</dd>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_a_story_does_not_say_is_left_out() {
        let bare =
            Story { scope: String::new(), tags: vec![], use_cases: vec![], ..(*story()).clone() };
        let html = render(facts(&host(), &bare)).await;
        for part in ["Scope", "Technologies", "Worth telling"] {
            assert!(!html.contains(part), "{part} in {html}");
        }
    }
}

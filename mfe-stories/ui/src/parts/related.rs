//! Where to read on.

use mfe_stories_api::RelatedStory;
use shared_ui::{Loadable, hooks::Query, kit::Host, tag::tag};
use yew::prelude::*;

use super::link;
use crate::client::Answer;

/// A section of links; when they cannot be had, a quiet line rather than an alert. Nothing when there are none.
pub(crate) fn related(host: &Host, query: &Query<Answer>) -> Option<Html> {
    let (busy, body) = match &query.data {
        Loadable::Loading => {
            let card = || tag("div", "skeleton skeleton--card").set("aria-hidden", "true").end();
            (true, tag("div", "stories-related__list").all((0..4).map(|_| card())))
        }
        Loadable::Failed(_) => {
            let retry = query.retry.reform(|_: MouseEvent| ());
            let again = tag("button", "button button--quiet").set("type", "button").click(retry);
            let line = tag("p", "soft")
                .text("They could not be loaded. ")
                .add(again.text("Try again").end());
            (false, line)
        }
        Loadable::Ready(answer) => match &**answer {
            Answer::Related(related) if !related.results.is_empty() => {
                let entries = related.results.iter().map(|found| entry(host, found));
                (false, tag("ul", "stories-related__list").all(entries))
            }
            _ => return None,
        },
    };
    let section = tag("section", "stories-related")
        .set("aria-labelledby", "stories-related")
        .flag("aria-busy", busy)
        .add(tag("h2", "").set("id", "stories-related").text("Related stories").end());
    Some(section.add(body.end()).end())
}

fn entry(host: &Host, RelatedStory { story, reason }: &RelatedStory) -> Html {
    let link = link(host, "", &["/story/", &story.id].concat()).text(&story.title);
    let about = [&story.client, " · ", &story.role].concat();
    tag("li", "stories-related__entry")
        .key(&story.id)
        .with_text("p", "stories-related__reason", reason)
        .add(tag("h3", "stories-related__title").add(link.end()).end())
        .with_text("p", "stories-related__client", &about)
        .end()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use contract::Problem;
    use mfe_stories_api::{Related, RelatedStory};
    use shared_ui::{Loadable, hooks::Query};
    use yew::Callback;

    use super::related;
    use crate::{
        client::Answer,
        parts::tests::{host, render, story},
    };

    fn query(data: Loadable<Answer>) -> Query<Answer> {
        Query { data, fetching: false, retry: Callback::noop() }
    }

    fn ready(results: Vec<RelatedStory>) -> Query<Answer> {
        query(Loadable::Ready(Rc::new(Answer::Related(Related { results }))))
    }

    fn one() -> RelatedStory {
        let story = (*story()).clone().into();
        RelatedStory { story, reason: "Same client".to_owned() }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_related_story_says_why_it_is_here() {
        let html = render(related(&host(), &ready(vec![one()])).unwrap()).await;
        for part in
            ["href=\"/story/exit-the-mainframe\"", "Same client", "Northbank · Delivery Director"]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(related(&host(), &ready(vec![])).is_none());
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_failure_is_a_quiet_line_with_a_way_to_retry() {
        let problem = Problem {
            r#type: "/problems/timeout".to_owned(),
            title: String::new(),
            status: 504,
            detail: "Too slow.".to_owned(),
            request_id: String::new(),
            errors: Vec::new(),
        };
        let html = render(related(&host(), &query(Loadable::Failed(problem))).unwrap()).await;
        assert!(html.contains("They could not be loaded."), "{html}");
        assert!(html.contains("Try again"), "{html}");
        assert!(!html.contains("role=\"alert\""), "{html}");
        let html = render(related(&host(), &query(Loadable::Loading)).unwrap()).await;
        assert!(html.contains("aria-busy=\"true\""), "{html}");
    }
}

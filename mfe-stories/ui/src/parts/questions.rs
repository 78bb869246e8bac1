//! What a story answers.

use mfe_stories_api::Story;
use shared_ui::{
    components::{IconName, icon},
    kit::Host,
    tag::tag,
    with_query,
};
use yew::prelude::*;

use super::link;

/// A section of links, each asking its question of this story.
pub(crate) fn questions(host: &Host, story: &Story) -> Html {
    let question = |question: &String| {
        let to = with_query("/ask", &[("q", question.as_str()), ("story", story.id.as_str())]);
        let way = tag("span", "stories-questions__way")
            .text("Ask about this")
            .add(icon(IconName::ArrowRight));
        let link = link(host, "stories-questions__link", &to).with_text("span", "", question);
        // One name for the link: the question, then what following it does.
        tag("li", "").add(link.text(" ").add(way.end()).end()).end()
    };
    let list =
        tag("ul", "stories-questions__list").all(story.interview_questions.iter().map(question));
    let other = link(host, "button", &with_query("/ask", &[("story", story.id.as_str())]))
        .add(icon(IconName::Chat))
        .text("Ask something else about this");
    tag("section", "stories-questions")
        .set("aria-labelledby", "stories-questions")
        .add(tag("h2", "").set("id", "stories-questions").text("Questions this answers").end())
        .maybe((!story.interview_questions.is_empty()).then(|| list.end()))
        .add(other.end())
        .end()
}

#[cfg(test)]
mod tests {
    use mfe_stories_api::Story;

    use super::questions;
    use crate::parts::tests::{host, render, story};

    #[tokio::test(flavor = "current_thread")]
    async fn each_question_is_asked_of_this_story() {
        let html = render(questions(&host(), &story())).await;
        let to = "href=\"/ask?q=When+is+it+safe+%26+done%3F&amp;story=exit-the-mainframe\"";
        for part in [to, "When is it safe &amp; done?", "href=\"/ask?story=exit-the-mainframe\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
        let silent = Story { interview_questions: vec![], ..(*story()).clone() };
        assert!(!render(questions(&host(), &silent)).await.contains("<ul"));
    }
}

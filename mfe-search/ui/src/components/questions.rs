//! Questions to begin a conversation with.

use shared_ui::{
    components::{IconName, icon},
    with_query,
};
use yew::prelude::*;

use crate::{tag::tag, ui::Ui};

const QUESTIONS: [&str; 4] = [
    "How do you rescue a programme that is failing?",
    "What did it take to leave the mainframe?",
    "How do you bring a new practice to a sceptical team?",
    "Which results are you proudest of?",
];

/// A section of links, each asking its question at once.
pub(super) fn questions(ui: &Ui) -> Html {
    let question = |question: &str| {
        let link = ui.link("search-question", &with_query("/ask", &[("q", question)]));
        let link = link.add(icon(IconName::Chat)).with_text("span", "", question);
        tag("li", "").add(link.end()).end()
    };
    tag("section", "search-questions")
        .set("aria-labelledby", "questions")
        .add(tag("h2", "").set("id", "questions").text("Or ask").end())
        .add(tag("ul", "search-questions__list").all(QUESTIONS.map(question)).end())
        .end()
}

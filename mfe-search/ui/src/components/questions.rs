//! Questions to begin a conversation with.

use shared_ui::{
    components::{Icon, IconName},
    with_query,
};
use yew::prelude::*;

use crate::ui::Ui;

const QUESTIONS: [&str; 4] = [
    "How do you rescue a programme that is failing?",
    "What did it take to leave the mainframe?",
    "How do you bring a new practice to a sceptical team?",
    "Which results are you proudest of?",
];

/// A section of links, each asking its question at once.
pub(super) fn questions(ui: &Ui) -> Html {
    let question = |question: &&str| {
        let content = html! { <><Icon name={IconName::Chat} /><span>{ question }</span></> };
        let path = with_query("/ask", &[("q", question)]);
        html! { <li>{ ui.link("search-question", &path, content) }</li> }
    };
    html! {
        <section class="search-questions" aria-labelledby="search-questions">
            <h2 id="search-questions">{ "Or ask" }</h2>
            <ul class="search-questions__list">{ for QUESTIONS.iter().map(question) }</ul>
        </section>
    }
}

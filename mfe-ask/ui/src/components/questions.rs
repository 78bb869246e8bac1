//! Questions to press.

use shared_ui::{
    components::{IconName, icon},
    tag::tag,
};
use yew::prelude::*;

use crate::ways::Ways;

/// A list of buttons; each asks its question at once.
pub(super) fn questions(label: &'static str, questions: &[String], ways: &Ways) -> Html {
    let question = |text: &String| {
        let (ways, asked) = (ways.clone(), AttrValue::from(text.clone()));
        let button = tag("button", "ask-question")
            .set("type", "button")
            .click(Callback::from(move |_| ways.ask(asked.clone())))
            .with_text("span", "", text)
            .add(icon(IconName::ArrowRight));
        tag("li", "").add(button.end()).end()
    };
    tag("ul", "ask-questions").set("aria-label", label).all(questions.iter().map(question)).end()
}

#[cfg(test)]
mod tests {
    use super::questions;
    use crate::components::tests::{render, ways};

    #[tokio::test(flavor = "current_thread")]
    async fn each_question_is_a_button_in_a_named_list() {
        let list = ["Why?".to_owned(), "How?".to_owned()];
        let html = render(questions("Questions to begin with", &list, &ways())).await;
        assert!(html.contains("aria-label=\"Questions to begin with\""), "{html}");
        assert_eq!(html.matches("<li><button ").count(), 2, "{html}");
        assert!(html.contains("<span>Why?</span>"), "{html}");
    }
}

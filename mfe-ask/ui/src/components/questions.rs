//! Questions to press.

use std::rc::Rc;

use shared_ui::components::{Icon, IconName};
use yew::prelude::*;

/// Props of [`Questions`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct QuestionsProps {
    /// What the list is called.
    pub(crate) label: AttrValue,
    /// In order.
    pub(crate) questions: Rc<[String]>,
    /// Called with the question that was pressed.
    pub(crate) on_ask: Callback<AttrValue>,
}

/// A list of buttons; each asks its question at once.
#[component]
pub(crate) fn Questions(props: &QuestionsProps) -> Html {
    let question = |text: &String| {
        let asked = AttrValue::from(text.clone());
        let onclick = props.on_ask.reform(move |_: MouseEvent| asked.clone());
        html! {
            <li key={text.as_str()}>
                <button type="button" class="ask-question" {onclick}>
                    <span>{ text }</span><Icon name={IconName::ArrowRight} />
                </button>
            </li>
        }
    };
    html! {
        <ul class="ask-questions" aria-label={&props.label}>{ for props.questions.iter().map(question) }</ul>
    }
}

#[cfg(test)]
mod tests {
    use yew::prelude::*;

    use super::{Questions, QuestionsProps};

    #[tokio::test(flavor = "current_thread")]
    async fn each_question_is_a_button_in_a_named_list() {
        let props = QuestionsProps {
            label: "Questions to begin with".into(),
            questions: ["Why?".to_owned(), "How?".to_owned()].into(),
            on_ask: Callback::noop(),
        };
        let html = yew::LocalServerRenderer::<Questions>::with_props(props)
            .hydratable(false)
            .render()
            .await;
        assert!(html.contains("aria-label=\"Questions to begin with\""), "{html}");
        assert_eq!(html.matches("<li><button ").count(), 2, "{html}");
        assert!(html.contains("<span>Why?</span>"), "{html}");
    }
}

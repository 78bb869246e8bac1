//! The story that questions are about.

use shared_ui::components::{Icon, IconName};
use yew::prelude::*;

/// Props of [`PinnedStory`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct PinnedStoryProps {
    /// The story's id.
    pub(crate) id: AttrValue,
    /// Its title, once an answer has told it; ask knows no stories of its own.
    #[prop_or_default]
    pub(crate) title: Option<AttrValue>,
    /// Called to ask all stories again.
    pub(crate) on_remove: Callback<()>,
}

/// A chip with the story's name and a button that removes it.
#[component]
pub(crate) fn PinnedStory(props: &PinnedStoryProps) -> Html {
    let name = props.title.clone().unwrap_or_else(|| readable(&props.id).into());
    let label = ["Stop asking about ", &name].concat();
    let onclick = props.on_remove.reform(|_: MouseEvent| ());
    html! {
        <p class="ask-pin chip is-active">
            <span>{ "About: " }{ name }</span>
            <button type="button" aria-label={label} {onclick}><Icon name={IconName::Close} /></button>
        </p>
    }
}

/// Returns `Berths by noon` for `berths-by-noon`.
fn readable(id: &str) -> String {
    let mut text = id.replace('-', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use yew::prelude::*;

    use super::{PinnedStory, PinnedStoryProps, readable};

    async fn render(title: Option<AttrValue>) -> String {
        let props =
            PinnedStoryProps { id: "berths-by-noon".into(), title, on_remove: Callback::noop() };
        yew::LocalServerRenderer::<PinnedStory>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_id_stands_in_for_a_title_that_is_not_known_yet() {
        let html = render(None).await;
        assert!(html.contains("About: Berths by noon"), "{html}");
        assert!(html.contains("aria-label=\"Stop asking about Berths by noon\""), "{html}");
        let html = render(Some("Berths by Noon".into())).await;
        assert!(html.contains("About: Berths by Noon"), "{html}");
    }

    #[test]
    fn any_id_can_be_made_readable() {
        assert_eq!([readable(""), readable("écluse-x")], ["", "écluse x"]);
    }
}

//! A story that an answer rests on.

use mfe_ask_api::Source;
use shared_ui::components::Link;
use web_sys::Element;
use yew::prelude::*;

use crate::hooks::{focus_quietly, show};

/// Props of [`SourceCard`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct SourceCardProps {
    /// Of its marks.
    pub(crate) number: usize,
    /// What it shows.
    pub(crate) source: Source,
    /// Its mark was the last one pressed; counts the presses, 0 when it was not.
    #[prop_or_default]
    pub(crate) lit: u32,
}

/// Number, title and client, with the quotations in a disclosure. When its mark is pressed it scrolls
/// into view, opens and takes the focus.
#[component]
pub(crate) fn SourceCard(props: &SourceCardProps) -> Html {
    let SourceCardProps { number, source, lit } = props;
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(*lit, move |lit| {
            if *lit > 0
                && let Some(card) = node.cast::<Element>()
            {
                focus_quietly(&card);
                show(&card);
            }
        });
    }
    let Source { id, title, client, score: _, quotes } = source;
    let lit = *lit > 0;
    let count = match quotes.len() {
        1 => "1 quotation".to_owned(),
        many => [many.to_string().as_str(), " quotations"].concat(),
    };
    html! {
        <article class={classes!("ask-source", lit.then_some("is-lit"))} ref={node} tabindex="-1">
            <span class="ask-source__number" aria-hidden="true">{ *number }</span>
            <div class="ask-source__about">
                <h4><Link to={["/story/", id].concat()}>{ title }</Link></h4>
                <p class="soft">{ client }</p>
                if !quotes.is_empty() {
                    <details open={lit}>
                        <summary>{ count }</summary>
                        { for quotes.iter().map(|quote| html! { <blockquote>{ quote }</blockquote> }) }
                    </details>
                }
            </div>
        </article>
    }
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::Source;

    use super::{SourceCard, SourceCardProps};

    async fn render(quotes: &[&str], lit: u32) -> String {
        let source = Source {
            id: "ledger".to_owned(),
            title: "The Ledger".to_owned(),
            client: "Northbank".to_owned(),
            score: 0.5,
            quotes: quotes.iter().map(ToString::to_string).collect(),
        };
        let props = SourceCardProps { number: 2, source, lit };
        yew::LocalServerRenderer::<SourceCard>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_source_links_its_story_and_keeps_its_quotations_closed() {
        let html = render(&["It ended.", "It was <late>."], 0).await;
        for part in [
            ">2</span>",
            "<h4><a href=\"/story/ledger\">The Ledger</a></h4>",
            "<p class=\"soft\">Northbank</p>",
            "<details><summary>2 quotations</summary><blockquote>It ended.</blockquote>\
             <blockquote>It was &lt;late&gt;.</blockquote></details>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("is-lit"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_lit_source_is_open() {
        let html = render(&["It ended."], 1).await;
        assert!(html.contains("ask-source is-lit"), "{html}");
        assert!(html.contains("<details open") && html.contains(">1 quotation<"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_source_without_quotations_has_nothing_to_open() {
        assert!(!render(&[], 0).await.contains("<details"));
    }
}

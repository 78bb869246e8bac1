//! The card that stands where something failed.

use yew::prelude::*;

/// Says what failed, why and what to do (`role=alert`: read out at once), with a button to try again;
/// `reason` is for the technically minded.
pub(crate) fn fallback_card(
    (title, body): (AttrValue, AttrValue),
    reason: &AttrValue,
    on_retry: Callback<MouseEvent>,
) -> Html {
    html! {
        <div key="fallback" class="page">
            <div class="card fallback" role="alert">
                <h1 class="fallback__title">{ title }</h1>
                <p class="fallback__body">{ body }</p>
                <button class="button button--primary" type="button" onclick={on_retry}>
                    { "Try again" }
                </button>
                <details class="fallback__details">
                    <summary>{ "Technical reason" }</summary>
                    <code>{ reason.clone() }</code>
                </details>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::fallback_card;
    use crate::components::markup;
    use yew::Callback;

    #[tokio::test]
    async fn the_card_is_an_alert_that_says_what_why_and_offers_a_retry() {
        let words = ("Work could not be loaded".into(), "A file is missing.".into());
        let card = fallback_card(words, &"load: <404>".into(), Callback::noop());
        let html = markup::of(card).await;
        assert!(html.contains(r#"role="alert""#), "{html}");
        assert!(html.contains("Work could not be loaded</h1>"), "{html}");
        assert!(html.contains("Try again</button>"), "{html}");
        assert!(html.contains("<code>load: &lt;404&gt;</code></details>"), "{html}");
    }
}

//! The card that stands where something failed.

use yew::prelude::*;

/// Properties of [`FallbackCard`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct FallbackCardProps {
    /// What failed.
    pub(crate) title: AttrValue,
    /// Why, and what to do.
    pub(crate) body: AttrValue,
    /// The technical reason.
    pub(crate) reason: AttrValue,
    /// The person asks for another try.
    pub(crate) on_retry: Callback<MouseEvent>,
}

/// Says what failed, why and what to do (`role=alert`: read out at once), with a button to try again.
#[component]
pub(crate) fn FallbackCard(props: &FallbackCardProps) -> Html {
    let FallbackCardProps { title, body, reason, on_retry } = props;
    html! {
        <div class="page">
            <div class="card fallback" role="alert">
                <h1 class="fallback__title">{ title.clone() }</h1>
                <p class="fallback__body">{ body.clone() }</p>
                <button class="button button--primary" type="button" onclick={on_retry.clone()}>
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
    use super::{FallbackCard, FallbackCardProps};
    use crate::components::markup;
    use yew::Callback;

    #[tokio::test]
    async fn the_card_is_an_alert_that_says_what_why_and_offers_a_retry() {
        let html = markup::of::<FallbackCard>(FallbackCardProps {
            title: "Work could not be loaded".into(),
            body: "A file is missing.".into(),
            reason: "load: <404>".into(),
            on_retry: Callback::noop(),
        })
        .await;
        assert!(html.contains(r#"role="alert""#), "{html}");
        assert!(html.contains("Work could not be loaded</h1>"), "{html}");
        assert!(html.contains("Try again</button>"), "{html}");
        assert!(html.contains("<code>load: &lt;404&gt;</code></details>"), "{html}");
    }
}

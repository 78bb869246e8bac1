//! The ask remote's root component, for who renders components; the bundle mounts its hook.

use yew::prelude::*;

use crate::pages::use_page;

/// The root component; every path of this remote is the one page.
#[component]
pub fn App() -> Html {
    use_page()
}

#[cfg(test)]
mod tests {
    use shared_ui::kit::{Host, HostProvider};
    use yew::prelude::*;

    use super::App;

    #[derive(Clone, PartialEq, Properties)]
    struct AtProps {
        address: AttrValue,
    }

    #[component]
    fn At(props: &AtProps) -> Html {
        html! { <HostProvider host={Host::fixed(&props.address)}><App /></HostProvider> }
    }

    async fn render(address: &'static str) -> String {
        let props = AtProps { address: address.into() };
        yew::LocalServerRenderer::<At>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn before_the_first_question_the_page_invites_to_one() {
        let html = render("/ask").await;
        assert_eq!(html.matches("<h1>").count(), 1, "{html}");
        for part in ["rests on a story", "aria-busy=\"true\"", "<textarea", "<span>Send</span>"] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("About:"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_conversation_in_the_address_is_awaited() {
        let html = render("/ask/c-1").await;
        assert!(html.contains("Your conversation</h1>"), "{html}");
        assert!(html.contains("skeleton--text") && !html.contains("ask-landing"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_in_the_address_is_pinned() {
        assert!(render("/ask?story=berths-by-noon").await.contains("About: Berths by noon"));
    }
}

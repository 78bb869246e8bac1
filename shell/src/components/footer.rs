//! The page's foot: one calm line.

use yew::prelude::*;

/// Properties of [`Footer`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct FooterProps {
    /// The manifest's revision.
    #[prop_or_default]
    pub(crate) revision: Option<AttrValue>,
    /// `name@version` of the remote on the page.
    #[prop_or_default]
    pub(crate) mounted: Option<AttrValue>,
}

/// Says which revision of the site this is, and which release is on the page.
#[component]
pub(crate) fn Footer(props: &FooterProps) -> Html {
    html! {
        <footer class="footer">
            <div class="footer__inner">
                <p>{ "Composed in your browser of independent parts." }</p>
                <p class="footer__facts">
                    if let Some(revision) = &props.revision {
                        <span>{ "Revision " }{ revision.clone() }</span>
                    }
                    if let Some(mounted) = &props.mounted {
                        <span>{ mounted.clone() }</span>
                    }
                </p>
            </div>
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::{Footer, FooterProps};
    use crate::components::markup;

    #[tokio::test]
    async fn the_footer_tells_what_runs_once_it_is_known() {
        let props = |revision: Option<&'static str>, mounted: Option<&'static str>| FooterProps {
            revision: revision.map(Into::into),
            mounted: mounted.map(Into::into),
        };
        let html = markup::of::<Footer>(props(Some("42"), Some("search@1.4.2"))).await;
        assert!(html.contains("Revision 42</span><span>search@1.4.2</span>"), "{html}");
        let html = markup::of::<Footer>(props(None, None)).await;
        assert!(!html.contains("Revision"), "{html}");
    }
}

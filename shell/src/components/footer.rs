//! The page's foot: one calm line.

use yew::prelude::*;

/// Says which revision of the site this is, and which release (`name@version`) is on the page.
pub(crate) fn footer(revision: Option<&AttrValue>, mounted: Option<&AttrValue>) -> Html {
    html! {
        <footer class="footer">
            <div class="footer__inner">
                <p>{ "Composed in your browser of independent parts." }</p>
                <p class="footer__facts">
                    if let Some(revision) = revision {
                        <span>{ "Revision " }{ revision.clone() }</span>
                    }
                    if let Some(mounted) = mounted {
                        <span>{ mounted.clone() }</span>
                    }
                </p>
            </div>
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::footer;
    use crate::components::markup;

    #[tokio::test]
    async fn the_footer_tells_what_runs_once_it_is_known() {
        let (revision, mounted) = ("42".into(), "search@1.4.2".into());
        let html = markup::of(footer(Some(&revision), Some(&mounted))).await;
        assert!(html.contains("Revision 42</span><span>search@1.4.2</span>"), "{html}");
        let html = markup::of(footer(None, None)).await;
        assert!(!html.contains("Revision"), "{html}");
    }
}

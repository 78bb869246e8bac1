//! Says that a remote on this page is not the released one.

use yew::prelude::*;

/// An override, as the banner shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    /// The remote.
    pub(crate) name: AttrValue,
    /// Where it comes from.
    pub(crate) url: AttrValue,
    /// Why it cannot be used; the released one is on the page then.
    pub(crate) problem: Option<AttrValue>,
}

/// Properties of [`OverrideBanner`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct OverrideBannerProps {
    /// The override.
    pub(crate) notice: Notice,
    /// Ends it.
    pub(crate) on_stop: Callback<AttrValue>,
}

/// One line for each override (`role=status`), with a button that ends it.
#[component]
pub(crate) fn OverrideBanner(props: &OverrideBannerProps) -> Html {
    let OverrideBannerProps { notice: Notice { name, url, problem }, on_stop } = props;
    let onclick = {
        let (name, on_stop) = (name.clone(), on_stop.clone());
        Callback::from(move |_: MouseEvent| on_stop.emit(name.clone()))
    };
    html! {
        <div class="override" role="status">
            <p class="override__text">
                <strong>{ name.clone() }</strong>
                if let Some(problem) = problem {
                    { " is overridden in this tab, but " }<code>{ url.clone() }</code>
                    { " cannot be used: " }{ problem.clone() }
                } else {
                    { " is overridden in this tab only, from " }<code>{ url.clone() }</code>
                }
            </p>
            <button class="button" type="button" {onclick}>{ "Stop" }</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use yew::Callback;

    use super::{Notice, OverrideBanner, OverrideBannerProps};
    use crate::components::markup;

    #[tokio::test]
    async fn it_names_the_remote_its_source_and_what_is_wrong() {
        let notice = Notice { name: "a".into(), url: "http://x/".into(), problem: None };
        let of = |notice| OverrideBannerProps { notice, on_stop: Callback::noop() };
        let html = markup::of::<OverrideBanner>(of(notice.clone())).await;
        assert!(html.contains("<strong>a</strong> is overridden in this tab only"), "{html}");
        let broken = Notice { problem: Some("it answered 404".into()), ..notice };
        let html = markup::of::<OverrideBanner>(of(broken)).await;
        assert!(html.contains("cannot be used: it answered 404"), "{html}");
    }
}

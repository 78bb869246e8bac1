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

/// One line for an override (`role=status`), with a button that ends it.
pub(crate) fn override_banner(notice: &Notice, on_stop: Callback<MouseEvent>) -> Html {
    let Notice { name, url, problem } = notice;
    html! {
        <div key={name.to_string()} class="override" role="status">
            <p class="override__text">
                <strong>{ name.clone() }</strong>
                if let Some(problem) = problem {
                    { " is overridden in this tab, but " }<code>{ url.clone() }</code>
                    { " cannot be used: " }{ problem.clone() }
                } else {
                    { " is overridden in this tab only, from " }<code>{ url.clone() }</code>
                }
            </p>
            <button class="button" type="button" onclick={on_stop}>{ "Stop" }</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use yew::Callback;

    use super::{Notice, override_banner};
    use crate::components::markup;

    #[tokio::test]
    async fn it_names_the_remote_its_source_and_what_is_wrong() {
        let notice = Notice { name: "a".into(), url: "http://x/".into(), problem: None };
        let of = |notice: &Notice| markup::of(override_banner(notice, Callback::noop()));
        let html = of(&notice).await;
        assert!(html.contains("<strong>a</strong> is overridden in this tab only"), "{html}");
        let broken = Notice { problem: Some("it answered 404".into()), ..notice };
        let html = of(&broken).await;
        assert!(html.contains("cannot be used: it answered 404"), "{html}");
    }
}

//! State that survives the replacement of this version in an open page.

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::use_host;
use crate::kit::to_js;

/// Returns what the mount before this one had kept with [`use_save`]: once, on the first rendering that
/// asks, and then `None`. So is a state of another shape, such as another version's.
#[hook]
pub fn use_restored<T: DeserializeOwned + 'static>() -> Option<T> {
    use_host().take_restored()
}

/// Makes `save` answer when the host asks for this remote's state; the newest rendering's counts.
///
/// Its `None` hands nothing over. For a component that stands as long as the remote does: what it was is
/// handed over even after it has gone.
#[hook]
pub fn use_save<T: Serialize + 'static>(save: impl Fn() -> Option<T> + 'static) {
    use_host().keep_saver(Box::new(move || to_js(save())));
}

/// As [`use_restored`], not read: for bundles that count bytes.
#[hook]
pub fn use_restored_value() -> Option<JsValue> {
    use_host().take_restored_value()
}

/// As [`use_save`], written by the caller: for bundles that count bytes.
#[hook]
pub fn use_save_value(save: impl Fn() -> JsValue + 'static) {
    use_host().keep_saver(Box::new(save));
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use yew::prelude::*;

    use super::{use_restored, use_save};
    use crate::kit::{Host, HostProvider};

    #[derive(Clone, PartialEq, Properties)]
    struct HostedProps {
        host: Host,
    }

    #[component]
    fn Draft() -> Html {
        let text: Option<String> = use_restored();
        html! { <p>{ text.unwrap_or_else(|| "nothing".to_owned()) }</p> }
    }

    #[component]
    fn Two(props: &HostedProps) -> Html {
        html! { <HostProvider host={props.host.clone()}><Draft /><Draft /></HostProvider> }
    }

    async fn render(host: Host) -> String {
        let props = HostedProps { host };
        yew::LocalServerRenderer::<Two>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_was_kept_is_read_once() {
        let host = Host::restoring("/", "half a question".to_owned());
        assert_eq!(render(host.clone()).await, "<p>half a question</p><p>nothing</p>");
        assert_eq!(render(host).await, "<p>nothing</p><p>nothing</p>");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_state_of_another_shape_is_no_state() {
        assert_eq!(render(Host::restoring("/", 7_u8)).await, "<p>nothing</p><p>nothing</p>");
        assert_eq!(render(Host::fixed("/")).await, "<p>nothing</p><p>nothing</p>");
    }

    thread_local! {
        static ASKED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    #[component]
    fn Saving() -> Html {
        let renders = use_mut_ref(|| 0);
        let seen = Rc::clone(&renders);
        use_save(move || {
            ASKED.with_borrow_mut(|asked| {
                asked.push(if *seen.borrow() > 0 { "new" } else { "old" });
            });
            None::<String>
        });
        *renders.borrow_mut() += 1;
        Html::default()
    }

    #[component]
    fn Hosted(props: &HostedProps) -> Html {
        html! { <HostProvider host={props.host.clone()}><Saving /></HostProvider> }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_state_is_asked_for_as_often_as_the_host_likes() {
        let host = Host::fixed("/");
        assert!(host.save().is_none());
        let props = HostedProps { host: host.clone() };
        yew::LocalServerRenderer::<Hosted>::with_props(props).render().await;
        assert!(host.save().is_some());
        assert!(host.save().is_some());
        assert_eq!(ASKED.take(), ["new", "new"]);
    }
}

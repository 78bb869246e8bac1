//! The component around every remote's own.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use super::Host;
use crate::hooks::lean::use_effect_with;

/// Props of [`Root`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(super) struct RootProps {
    pub(super) props: JsValue,
}

/// Renders `C` and tells the entry when the first rendering is on the page.
#[component]
pub(super) fn Root<C>(props: &RootProps) -> Html
where
    C: BaseComponent<Properties = ()>,
{
    let entry = props.props.clone();
    use_effect_with((), move |()| {
        let on_mounted = Reflect::get(&entry, &"onMounted".into()).ok();
        if let Some(on_mounted) = on_mounted.and_then(|value| value.dyn_into::<Function>().ok()) {
            on_mounted.call0(&JsValue::NULL).ok();
        }
    });
    html! { <C /> }
}

/// Props of [`HostProvider`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub struct HostProviderProps {
    /// What `use_host` below will return.
    pub host: Host,
    /// The remote.
    #[prop_or_default]
    pub children: Html,
}

/// Provides a host to a remote off the browser: in tests, and where several are rendered at once. In a browser
/// an instance has one host, and nothing provides it.
#[component]
pub fn HostProvider(props: &HostProviderProps) -> Html {
    html! {
        <ContextProvider<Host> context={props.host.clone()}>{ props.children.clone() }</ContextProvider<Host>>
    }
}

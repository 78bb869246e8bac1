//! The component around every remote's own.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use super::Host;

/// Props of [`Root`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(super) struct RootProps {
    pub(super) host: Host,
    pub(super) props: JsValue,
}

/// Provides the host to `C` and tells the entry when the first rendering is on the page.
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
    // Not by `HostProvider`: a component costs each bundle 600 bytes (brotli).
    html! { <ContextProvider<Host> context={props.host.clone()}><C /></ContextProvider<Host>> }
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

/// Provides a host to a remote, in tests and previews too.
#[component]
pub fn HostProvider(props: &HostProviderProps) -> Html {
    html! {
        <ContextProvider<Host> context={props.host.clone()}>{ props.children.clone() }</ContextProvider<Host>>
    }
}

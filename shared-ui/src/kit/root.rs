//! What stands around every remote's own.

use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use yew::{
    functional::{Hook, HookContext},
    prelude::*,
};

use super::Host;
use crate::hooks::lean::use_effect_with;

/// Tells the entry when the first rendering is on the page, and renders `app`.
pub(super) struct UseRoot<H> {
    /// The lifecycle's.
    pub(super) props: Rc<JsValue>,
    /// The remote's own.
    pub(super) app: fn() -> H,
}

impl<H: Hook<Output = Html>> Hook for UseRoot<H> {
    type Output = Html;

    fn run(self, ctx: &mut HookContext) -> Html {
        use_told(self.props).run(ctx);
        (self.app)().run(ctx)
    }
}

#[hook]
fn use_told(entry: Rc<JsValue>) {
    use_effect_with((), move |()| {
        let on_mounted = Reflect::get(&entry, &"onMounted".into()).ok();
        if let Some(on_mounted) = on_mounted.and_then(|value| value.dyn_into::<Function>().ok()) {
            on_mounted.call0(&JsValue::NULL).ok();
        }
    });
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

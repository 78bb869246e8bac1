//! The remote kit: what turns a Yew component into a remote.
//!
//! `entry.js` (beside this crate's `src`) is the JavaScript half: it makes a fresh WebAssembly instance
//! for each mount and calls the bundle's `mount` export, which is [`mount`] with the remote's root
//! component. Not here: loading, deadlines, fallbacks. Those are the host's.

mod handover;
mod host;
mod panic;
mod root;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::Element;
use yew::{functional::Hook, prelude::*};

pub(crate) use handover::to_js;
pub use host::{Host, NavigateMode, Subscription};
pub use root::HostProvider;

use self::root::UseRoot;
use crate::part::{Part, PartProps};

/// A living application; the entry calls its methods.
#[wasm_bindgen]
pub struct Mounted {
    destroy: Option<Box<dyn FnOnce()>>,
    host: Host,
}

impl std::fmt::Debug for Mounted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mounted").field("living", &self.destroy.is_some()).finish()
    }
}

#[wasm_bindgen]
impl Mounted {
    /// Returns the application's state as JSON, for a later mount's `props.restored`; `undefined` when it
    /// keeps none or is off the page.
    #[must_use]
    pub fn save(&self) -> JsValue {
        let living = self.destroy.is_some();
        living.then(|| self.host.save()).flatten().unwrap_or(JsValue::UNDEFINED)
    }

    /// Takes the application off the page; a second call does nothing.
    pub fn unmount(&mut self) {
        if let Some(destroy) = self.destroy.take() {
            destroy();
        }
    }
}

/// Renders `C` into `root`. `props` are the lifecycle's, with the entry's `onMounted` and `onPanic`.
#[must_use]
pub fn mount<C: BaseComponent<Properties = ()>>(root: Element, props: &JsValue) -> Mounted {
    mount_hook(root, props, use_component::<C>)
}

#[hook]
fn use_component<C: BaseComponent<Properties = ()>>() -> Html {
    html! { <C /> }
}

/// As [`mount`], for a remote whose root is a hook: a component less.
#[must_use]
pub fn mount_hook<H>(root: Element, props: &JsValue, app: fn() -> H) -> Mounted
where
    H: Hook<Output = Html> + 'static,
{
    panic::report_to(props);
    let host = Host::from_props(props);
    host.make_current();
    let props = PartProps::new(props.clone(), move |props| UseRoot { props, app });
    let handle = yew::Renderer::<Part>::with_root_and_props(root, props).render();
    Mounted { destroy: Some(Box::new(move || handle.destroy())), host }
}

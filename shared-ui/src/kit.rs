//! The remote kit: what turns a Yew component into a remote.
//!
//! `entry.js` (beside this crate's `src`) is the JavaScript half: it makes a fresh WebAssembly instance
//! for each mount and calls the bundle's `mount` export, which is [`mount`] with the remote's root
//! component. Not here: loading, deadlines, fallbacks. Those are the host's.

mod host;
mod panic;
mod root;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::Element;
use yew::BaseComponent;

pub use host::{Host, NavigateMode, Subscription};
pub use root::HostProvider;

/// A living application; the entry calls its methods.
#[wasm_bindgen]
pub struct Mounted {
    destroy: Option<Box<dyn FnOnce()>>,
}

impl std::fmt::Debug for Mounted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mounted").field("living", &self.destroy.is_some()).finish()
    }
}

#[wasm_bindgen]
impl Mounted {
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
    panic::report_to(props);
    let props = root::RootProps { host: Host::from_props(props), props: props.clone() };
    let handle = yew::Renderer::<root::Root<C>>::with_root_and_props(root, props).render();
    Mounted { destroy: Some(Box::new(move || handle.destroy())) }
}

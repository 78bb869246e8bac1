//! One attempt to put a release on the page: its elements, its props, its limits.
//!
//! Everything that a mount makes hangs on its occupant, so that dropping it leaves nothing behind.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use contract::{Release, lifecycle};
use js_sys::{Array, Function, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Element, ShadowRoot, ShadowRootInit, ShadowRootMode};

use super::Timings;
use super::load::{Module, element};
use super::machine::Generation;
use crate::fetch::policy::RetryBudget;
use crate::js;

/// One attempt.
#[derive(Debug)]
pub(crate) struct Occupant {
    /// The attempt's number.
    pub(super) generation: Generation,
    /// The remote's name.
    pub(super) name: String,
    /// What is mounted.
    pub(super) release: Rc<Release>,
    /// Stands in the slot; goes with everything below it.
    pub(super) element: Element,
    /// Where stylesheets and the remote's root live.
    pub(super) shadow: ShadowRoot,
    /// The lifecycle's `props`.
    pub(super) props: Object,
    /// `props.host`.
    pub(super) host: Object,
    /// The imported entry, once loaded.
    pub(super) module: RefCell<Option<Rc<Module>>>,
    /// When each phase began, for the devtools.
    pub(super) marks: RefCell<Timings>,
    /// `mount` was called.
    pub(super) entered: Cell<bool>,
    /// The instance must never be called again.
    pub(super) dead: Cell<bool>,
    /// How often `host.fetch` may retry.
    pub(crate) budget: RefCell<RetryBudget>,
    /// Ends the requests of an instance that cannot end them itself.
    pub(crate) abort: Option<AbortController>,
}

impl Occupant {
    /// Makes the elements of an attempt within `place`, hidden until it is mounted.
    pub(super) fn new(
        generation: Generation,
        name: &str,
        release: Rc<Release>,
        place: &Element,
        host: Object,
        restored: Option<&JsValue>,
    ) -> Option<Self> {
        let outer = element::<Element>("div")?;
        outer.set_class_name("slot__host is-pending");
        let shadow = outer.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?;
        let root = element::<Element>("div")?;
        root.set_class_name("slot__root");
        shadow.append_child(&root).ok()?;
        // Stylesheets load only within the document.
        place.append_child(&outer).ok()?;
        let props = Object::new();
        js::set(&props, lifecycle::DOM_ELEMENT, &root);
        js::set(&props, "name", &name.into());
        js::set(&props, lifecycle::HOST, &host);
        if let Some(restored) = restored {
            js::set(&props, lifecycle::RESTORED, restored);
        }
        Some(Self {
            generation,
            name: name.to_owned(),
            release,
            element: outer,
            shadow,
            props,
            host,
            module: RefCell::new(None),
            marks: RefCell::default(),
            entered: Cell::new(false),
            dead: Cell::new(false),
            budget: RefCell::new(RetryBudget::default()),
            abort: AbortController::new().ok(),
        })
    }

    /// Returns `name@version`, as in telemetry and the `x-asterism-remote` header.
    pub(crate) fn label(&self) -> String {
        [&self.name, "@", &self.release.version].concat()
    }

    /// Notes that something begins now.
    pub(super) fn mark(&self, what: &'static str) {
        let now = gloo_utils::window().performance().map_or(0.0, |clock| clock.now());
        self.marks.borrow_mut().push((what, now));
    }

    /// Returns the domains that the remote may call.
    pub(crate) fn apis(&self) -> &[String] {
        &self.release.apis
    }

    /// Returns what the remote's `timeouts` ask for a phase, in milliseconds.
    pub(super) fn wish(&self, phase: &str) -> Option<u32> {
        let module = self.module.borrow().clone()?;
        let wish = js::get(&js::get(&module.exports, "timeouts"), phase);
        let millis = js::get(&wish, "millis").as_f64().or_else(|| wish.as_f64())?;
        // Saturates; `timeouts::deadline` keeps it within bounds.
        Some(millis as u32)
    }

    /// Calls a lifecycle function and waits for it. Single-spa allows a list of functions.
    ///
    /// # Errors
    ///
    /// Whatever the remote throws or rejects with.
    pub(super) async fn call(&self, name: &str) -> Result<(), JsValue> {
        let module = self.module.borrow().clone();
        let Some(module) = module else { return Ok(()) };
        let found = js::get(&module.exports, name);
        let steps =
            if Array::is_array(&found) { found.unchecked_into() } else { Array::of1(&found) };
        for step in steps.iter() {
            if let Some(step) = step.dyn_ref::<Function>() {
                let promise = step.call1(&JsValue::UNDEFINED, &self.props)?;
                JsFuture::from(js_sys::Promise::resolve(&promise)).await?;
            }
        }
        Ok(())
    }

    /// Takes the occupant off the page.
    pub(super) fn remove(&self) {
        self.element.remove();
    }

    /// Marks the instance as dead and ends its requests.
    pub(super) fn kill(&self) {
        self.dead.set(true);
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}

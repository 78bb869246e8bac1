//! Links anywhere in the document, open shadow roots included: clicks and intent.
//!
//! One listener each. Not here: deciding (`router`).

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlAnchorElement, MouseEvent};

use crate::router::{Click, takes_click};
use crate::site::Site;

/// Begins to listen, for as long as the page lives.
pub(crate) fn listen(site: &Rc<Site>) {
    let document = gloo_utils::document();
    let own = site.clone();
    let options = EventListenerOptions::enable_prevent_default();
    let click = move |event: &Event| clicked(&own, event);
    EventListener::new_with_options(&document, "click", options, click).forget();
    for intent in ["pointerover", "focusin"] {
        let site = site.clone();
        let listener = move |event: &Event| {
            if let Some(link) = link_of(event).filter(is_own) {
                site.prefetch(&[link.pathname(), link.search()].concat());
            }
        };
        EventListener::new(&document, intent, listener).forget();
    }
}

fn clicked(site: &Rc<Site>, event: &Event) {
    let (Some(link), Some(mouse)) = (link_of(event), event.dyn_ref::<MouseEvent>()) else { return };
    let Some(manifest) = site.manifest() else { return };
    let target = link.target();
    let click = Click {
        handled: event.default_prevented(),
        plain: mouse.button() == 0
            && !(mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key()),
        special: !(target.is_empty() || target == "_self")
            || link.has_attribute("download")
            || link.rel().split_ascii_whitespace().any(|rel| rel == "external"),
        same_origin: is_own(&link),
        location: &[link.pathname(), link.search()].concat(),
        hash: &link.hash(),
    };
    if takes_click(&click, &site.location(), &manifest) {
        event.prevent_default();
        site.navigate(&[click.location, click.hash].concat());
    }
}

/// Returns the innermost link that the event passed through.
fn link_of(event: &Event) -> Option<HtmlAnchorElement> {
    event.composed_path().iter().find_map(|node| {
        node.dyn_into::<HtmlAnchorElement>().ok().filter(|link| link.has_attribute("href"))
    })
}

fn is_own(link: &HtmlAnchorElement) -> bool {
    gloo_utils::window().location().origin().is_ok_and(|origin| origin == link.origin())
}

//! What the page shows, as one value: the site makes it, the root component renders it.
//!
//! Not here: anything that changes it.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::{AttrValue, Callback};

use crate::components::Notice;
use crate::preferences::Theme;
use crate::router::NavItem;
use crate::slot::Phase;

/// Who hears a topic.
#[derive(Clone, Debug)]
pub(crate) enum Listener {
    /// The shell itself.
    Shell(Callback<JsValue>),
    /// A mounted remote.
    Remote(js_sys::Function),
}

/// The page's main part.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Page {
    /// The manifest is on its way.
    #[default]
    Reading,
    /// The manifest cannot be read.
    Unreadable(AttrValue),
    /// A remote answers the path.
    Remote {
        /// It is not there yet.
        busy: bool,
    },
    /// The remote that answers the path has been given up.
    Broken {
        /// The route's title.
        title: AttrValue,
        /// What failed last.
        phase: Phase,
        /// Nothing of it was run, on purpose.
        refused: bool,
        /// For the technically minded.
        reason: AttrValue,
    },
    /// No route answers the path.
    Missing,
}

/// The page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct View {
    /// The main part.
    pub(crate) page: Page,
    /// The navigation.
    pub(crate) nav: Rc<[NavItem]>,
    /// The location's path, without query.
    pub(crate) path: AttrValue,
    /// The chosen theme.
    pub(crate) theme: Theme,
    /// The live region's text, and how many there were before it.
    pub(crate) announcement: (u32, AttrValue),
    /// The manifest's revision, once it is read.
    pub(crate) revision: Option<AttrValue>,
    /// `name@version` of the remote on the page.
    pub(crate) mounted: Option<AttrValue>,
    /// What a developer put into this tab.
    pub(crate) overrides: Rc<[Notice]>,
}

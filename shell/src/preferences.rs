//! Theme, locale and reduced motion: what the person prefers, and what remotes are told of it.
//!
//! Not here: colours. The stylesheets follow `data-theme` on the document.

use std::cell::Cell;

use contract::lifecycle::host;
use gloo_events::EventListener;
use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaQueryList, Storage, StorageEvent};

use crate::js;

/// Where the choice is kept; the document's own script reads it before the first paint.
const KEY: &str = "asterism.theme";

/// The chosen theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Returns the word that storage, remotes and stylesheets know.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns the theme of a word; anything unknown is the system's.
    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// Returns what the toggle turns to.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// The person's preferences.
#[derive(Debug)]
pub(crate) struct Preferences {
    theme: Cell<Theme>,
    motion: Option<MediaQueryList>,
}

impl Preferences {
    /// Reads what was chosen before.
    pub(crate) fn new() -> Self {
        let chosen = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let theme = Theme::from_name(&chosen.unwrap_or_default());
        let motion = gloo_utils::window().match_media("(prefers-reduced-motion: reduce)");
        Self { theme: Cell::new(theme), motion: motion.ok().flatten() }
    }

    /// Calls `on_change` when another tab or the system changes a preference.
    pub(crate) fn watch(&self, on_change: impl Fn(Option<Theme>) + Clone + 'static) {
        if let Some(motion) = &self.motion {
            let on_change = on_change.clone();
            EventListener::new(motion, "change", move |_| on_change(None)).forget();
        }
        let window = gloo_utils::window();
        EventListener::new(&window, "storage", move |event| {
            let Some(event) = event.dyn_ref::<StorageEvent>() else { return };
            if event.key().is_none_or(|key| key == KEY) {
                on_change(Some(Theme::from_name(&event.new_value().unwrap_or_default())));
            }
        })
        .forget();
    }

    /// Returns the chosen theme.
    pub(crate) fn theme(&self) -> Theme {
        self.theme.get()
    }

    /// Applies a theme and remembers it.
    pub(crate) fn choose(&self, theme: Theme) {
        self.theme.set(theme);
        if let Some(root) = gloo_utils::document().document_element() {
            let _ = match theme {
                Theme::System => root.remove_attribute("data-theme"),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.name()),
            };
        }
        if let Some(storage) = storage() {
            // A full or forbidden storage only means that the choice is forgotten.
            let _ = match theme {
                Theme::System => storage.remove_item(KEY),
                Theme::Light | Theme::Dark => storage.set_item(KEY, theme.name()),
            };
        }
    }

    /// Writes theme and locale into a host object.
    pub(crate) fn describe(&self, object: &Object) {
        js::set(object, host::THEME, &self.theme.get().name().into());
        let locale = gloo_utils::window().navigator().language();
        js::set(object, host::LOCALE, &locale.as_deref().unwrap_or("en").into());
    }

    /// Returns what `host.onPreference` callbacks get: `{theme, locale, reducedMotion}`.
    pub(crate) fn message(&self) -> JsValue {
        let object = Object::new();
        self.describe(&object);
        let reduced = self.motion.as_ref().is_some_and(MediaQueryList::matches);
        js::set(&object, "reducedMotion", &reduced.into());
        object.into()
    }
}

fn storage() -> Option<Storage> {
    gloo_utils::window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn the_toggle_goes_round_and_names_survive_storage() {
        let mut theme = Theme::System;
        for _ in 0..3 {
            assert_eq!(Theme::from_name(theme.name()), theme);
            theme = theme.next();
        }
        assert_eq!(theme, Theme::System);
        assert_eq!(Theme::from_name("purple"), Theme::System);
    }
}

//! Reading answers by hand.
//!
//! By hand and not by serde: the readers that serde generates for a remote's types are 5 KB (brotli), these 1 KB.
//! A field that is missing or has another type makes the whole unreadable, as with serde; a field that a
//! type has and its reader leaves out does not compile.

use std::cell::Cell;
use std::collections::BTreeMap;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// An object that is read. What is missing is empty, and makes the whole unreadable: to stop at the first would
/// write out for each field how to drop those before it, which is 1 KB (brotli).
#[derive(Debug)]
pub struct Fields<'a> {
    object: JsValue,
    sound: &'a Cell<bool>,
}

/// Reads an object and what is in it.
pub fn read<T>(object: &JsValue, reader: impl FnOnce(&Fields<'_>) -> T) -> Option<T> {
    let sound = &Cell::new(true);
    let value = reader(&Fields { object: object.clone(), sound });
    sound.get().then_some(value)
}

/// Returns a number that is whole, and exact: JavaScript knows them up to 2^53.
#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
pub(crate) fn whole(value: &JsValue) -> Option<i64> {
    let number = value.as_f64()?;
    let whole = number.trunc() == number && number.abs() <= 9_007_199_254_740_991.0;
    whole.then_some(number as i64)
}

impl Fields<'_> {
    /// Returns what stands in a field, `undefined` when nothing does.
    #[inline(never)]
    pub fn field(&self, name: &str) -> JsValue {
        Reflect::get(&self.object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
    }

    /// Returns an object that stands in a field.
    #[must_use]
    pub fn object(&self, name: &str) -> Self {
        Self { object: self.field(name), sound: self.sound }
    }

    /// Takes what was read of a field, or finds the whole unreadable.
    pub fn known<T: Default>(&self, value: Option<T>) -> T {
        if value.is_none() {
            self.sound.set(false);
        }
        value.unwrap_or_default()
    }

    /// Reads a text.
    #[inline(never)]
    pub fn text(&self, name: &str) -> String {
        self.known(self.field(name).as_string())
    }

    /// Reads a number that counts.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and lists count from 0"
    )]
    pub fn number(&self, name: &str) -> u32 {
        self.known(self.field(name).as_f64()) as u32
    }

    /// Reads a whole number.
    #[inline(never)]
    pub fn whole(&self, name: &str) -> i64 {
        self.known(whole(&self.field(name)))
    }

    /// Reads an object that may be missing, or `null`.
    pub fn optional<T>(&self, name: &str, item: impl FnOnce(&Fields<'_>) -> T) -> Option<T> {
        let it = self.object(name);
        let there = !it.object.is_undefined() && !it.object.is_null();
        there.then(|| item(&it))
    }

    /// Reads objects by their names.
    pub fn map<T>(&self, name: &str, item: impl Fn(&Fields<'_>) -> T) -> BTreeMap<String, T> {
        let object: Object = self.known(self.field(name).dyn_into().ok());
        let names = Object::keys(&object);
        let it = Fields { object: object.into(), sound: self.sound };
        let mut map = BTreeMap::new();
        for name in names.iter().filter_map(|name| name.as_string()) {
            let value = item(&it.object(&name));
            map.insert(name, value);
        }
        map
    }

    /// Reads a list of objects.
    pub fn list<T>(&self, name: &str, item: impl Fn(&Fields<'_>) -> T) -> Vec<T> {
        let array: Array = self.known(self.field(name).dyn_into().ok());
        let fields = |object| Fields { object, sound: self.sound };
        array.iter().map(|object| item(&fields(object))).collect()
    }

    /// Reads a list of texts.
    #[inline(never)]
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.list(name, |it| it.known(it.object.as_string()))
    }
}

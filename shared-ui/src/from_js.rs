//! Reading wire types out of JavaScript values, small.
//!
//! `serde-wasm-bindgen` does the same, but its errors carry text, and the text of serde's errors drags
//! the formatting of floats into every bundle: about 9 KB (brotli) each. Here an error only says that the
//! value has another shape, which is all that a page can tell a person anyway.
//!
//! Reads what JSON can hold: `null`, booleans, numbers, strings, arrays, plain objects, and enums without
//! data as their names. Not here: enums with data, bytes, maps with other than string keys.

use js_sys::{Array, Object};
use serde::de::{
    self, Deserializer, Visitor,
    value::{MapDeserializer, SeqDeserializer, StringDeserializer},
};
use wasm_bindgen::{JsCast, JsValue};

use crate::fields::whole;

/// The value has another shape than the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OtherShape;

impl std::fmt::Display for OtherShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the value has another shape")
    }
}

impl std::error::Error for OtherShape {}

impl de::Error for OtherShape {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Decodes a value that came out of `JSON.parse`.
///
/// # Errors
/// It has another shape.
pub(crate) fn from_js<T: de::DeserializeOwned>(value: JsValue) -> Result<T, OtherShape> {
    T::deserialize(Value(value))
}

struct Value(JsValue);

impl de::IntoDeserializer<'_, OtherShape> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Value {
    fn seq<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, OtherShape> {
        let array: &Array = self.0.dyn_ref().ok_or(OtherShape)?;
        visitor.visit_seq(SeqDeserializer::new(array.iter().map(Value)))
    }

    fn map<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, OtherShape> {
        let object: &Object = self.0.dyn_ref().ok_or(OtherShape)?;
        let entries = Object::entries(object);
        visitor.visit_map(MapDeserializer::new(entries.iter().filter_map(|entry| {
            let pair: Array = entry.unchecked_into();
            Some((pair.get(0).as_string()?, Self(pair.get(1))))
        })))
    }

    /// Integers arrive as floats.
    fn integer(&self) -> Result<i64, OtherShape> {
        whole(&self.0).ok_or(OtherShape)
    }
}

macro_rules! integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherShape> {
            visitor.visit_i64(self.integer()?)
        })*
    };
}

macro_rules! texts {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherShape> {
            visitor.visit_string(self.0.as_string().ok_or(OtherShape)?)
        })*
    };
}

macro_rules! floats {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherShape> {
            visitor.visit_f64(self.0.as_f64().ok_or(OtherShape)?)
        })*
    };
}

macro_rules! seqs {
    ($($method:ident ( $($arg:ident : $of:ty),* ))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($arg: $of,)* visitor: V) -> Result<V::Value, OtherShape> {
            self.seq(visitor)
        })*
    };
}

macro_rules! refused {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, OtherShape> {
            Err(OtherShape)
        })*
    };
}

impl<'de> Deserializer<'de> for Value {
    type Error = OtherShape;

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }
    floats! { deserialize_f32 deserialize_f64 }
    texts! { deserialize_char deserialize_str deserialize_string deserialize_identifier }
    seqs! {
        deserialize_seq()
        deserialize_tuple(_len: usize)
        deserialize_tuple_struct(_name: &'static str, _len: usize)
    }
    // The type decides what to read: a value that is to say itself what it is has no place on our wire.
    refused! { deserialize_any deserialize_bytes deserialize_byte_buf }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherShape> {
        visitor.visit_bool(self.0.as_bool().ok_or(OtherShape)?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherShape> {
        if self.0.is_null() || self.0.is_undefined() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherShape> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, OtherShape> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherShape> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, OtherShape> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, OtherShape> {
        self.map(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, OtherShape> {
        self.map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, OtherShape> {
        let name = self.0.as_string().ok_or(OtherShape)?;
        visitor.visit_enum(StringDeserializer::<OtherShape>::new(name))
    }
}

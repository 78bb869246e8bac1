//! The document's title, which belongs to the host.

use yew::prelude::*;

use super::{lean::use_effect_with, use_host};

/// Tells the host the page's title; an empty one is not told.
#[hook]
pub fn use_title(title: AttrValue) {
    let host = use_host();
    use_effect_with(title, move |title| {
        if !title.is_empty() {
            host.set_title(title);
        }
    });
}

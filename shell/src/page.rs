//! What the gateway tells this page in the page itself: the trust root and the session's bucket.
//!
//! Not here: believing anything (`slot::verify`).

use contract::{PAGE_ELEMENT, PageConfig};
use js_sys::JSON;

use crate::wire;

/// Reads the document. Without one nothing is trusted, so nothing is loaded.
pub(crate) fn read() -> PageConfig {
    let element = gloo_utils::document().get_element_by_id(PAGE_ELEMENT);
    let text = element.and_then(|element| element.text_content());
    let value = text.and_then(|text| JSON::parse(&text).ok());
    value.and_then(|value| wire::page(&value)).unwrap_or_default()
}

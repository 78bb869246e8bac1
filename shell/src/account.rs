//! Who is signed in, by the cookie that the gateway sets for this page to read.
//!
//! It holds the name and nothing else: no request is spent on it, and nobody is believed for it. Not here:
//! signing in and out, which are pages of the gateway.

use js_sys::decode_uri_component;
use yew::AttrValue;

use crate::js;

const COOKIE: &str = "asterism_signed_in=";

/// Returns the name of who is signed in.
pub(crate) fn name() -> Option<AttrValue> {
    let cookies = js::text(&gloo_utils::document(), "cookie")?;
    let value = decode_uri_component(value(&cookies)?).ok()?;
    Some(String::from(value).into())
}

fn value(cookies: &str) -> Option<&str> {
    let value = cookies.split("; ").find_map(|cookie| cookie.strip_prefix(COOKIE))?;
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn a_name_is_found_among_other_cookies() {
        assert_eq!(value("a=1; asterism_signed_in=anna%20b; b=2"), Some("anna%20b"));
        for none in
            ["", "asterism_signed_in=", "x=asterism_signed_in=anna", "asterism_signed_inn=x"]
        {
            assert_eq!(value(none), None, "{none}");
        }
    }
}

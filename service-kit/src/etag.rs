//! Conditions by entity tags (RFC 9110, 8.8.3 and 13.1), as requests send them.
//!
//! Not here: making tags, and conditions by date.

use axum::http::HeaderValue;

/// Tells whether values of `If-None-Match` name what has the tag `etag`; one that means the same is enough.
pub fn if_none_match<'a>(values: impl IntoIterator<Item = &'a HeaderValue>, etag: &str) -> bool {
    named(values, |tag| opaque(tag) == opaque(etag))
}

/// Tells whether values of `If-Match` name exactly what has the tag `etag`: a weak tag is none of it.
pub fn if_match<'a>(values: impl IntoIterator<Item = &'a HeaderValue>, etag: &str) -> bool {
    named(values, |tag| tag == etag && !is_weak(tag))
}

fn named<'a>(
    values: impl IntoIterator<Item = &'a HeaderValue>,
    is_it: impl Fn(&str) -> bool,
) -> bool {
    let texts = values.into_iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(tags).any(|tag| tag == "*" || is_it(tag))
}

/// Splits a list at the commas that are no part of a tag.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let ends = move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    };
    list.split(ends).map(str::trim)
}

fn is_weak(tag: &str) -> bool {
    tag.starts_with("W/")
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::{if_match, if_none_match};

    #[test]
    fn a_tag_is_named_weakly_or_exactly() {
        for (sent, etag, weakly, exactly) in [
            (&["\"a\""][..], "\"a\"", true, true),
            (&["\"b\", \"a\""], "\"a\"", true, true),
            (&["\"b\"", "\"a\""], "\"a\"", true, true),
            (&["*"], "\"a\"", true, true),
            (&["W/\"a\""], "\"a\"", true, false),
            (&["\"a\""], "W/\"a\"", true, false),
            (&["W/\"a\""], "W/\"a\"", true, false),
            (&["\"x,y\" ,\"z\""], "\"x,y\"", true, true),
            (&["\"x,y\""], "y\"", false, false),
            (&["\"b\""], "\"a\"", false, false),
            (&["a"], "\"a\"", false, false),
            (&["\"a"], "\"a\"", false, false),
            (&[""], "\"a\"", false, false),
            (&[], "\"a\"", false, false),
        ] {
            let values: Vec<_> = sent.iter().map(|text| HeaderValue::from_static(text)).collect();
            assert_eq!(if_none_match(&values, etag), weakly, "{sent:?} {etag}");
            assert_eq!(if_match(&values, etag), exactly, "{sent:?} {etag}");
        }
    }
}

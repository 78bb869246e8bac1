//! Queries by the browser's own `URLSearchParams`, which is 1 KB (brotli) less than a parser in the bundle.

use web_sys::UrlSearchParams;

/// Returns the values of a parameter.
pub(super) fn values(query: &str, name: &str) -> Vec<String> {
    let Ok(query) = UrlSearchParams::new_with_str(query) else { return Vec::new() };
    query.get_all(name).iter().filter_map(|value| value.as_string()).collect()
}

/// Writes a query.
pub(super) fn write<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let Ok(query) = UrlSearchParams::new() else { return String::new() };
    pairs.for_each(|(key, value)| query.append(key, value));
    query.to_string().into()
}

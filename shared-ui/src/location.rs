//! Where the page is, as a remote sees it.

#[cfg(target_family = "wasm")]
#[path = "location/browser.rs"]
mod query;
#[cfg(not(target_family = "wasm"))]
#[path = "location/host.rs"]
mod query;

/// Path and query below the host's base path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Begins with `/`, has no query.
    pub path: String,
    /// Without `?`; empty when there is none.
    pub query: String,
}

impl Location {
    /// Splits `path?query`; a fragment is dropped.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.split('#').next().unwrap_or_default();
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        Self { path: path.to_owned(), query: query.to_owned() }
    }

    /// Returns the decoded segments of the path.
    #[must_use]
    pub fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// Returns the first value of a query parameter, decoded.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<String> {
        self.params(name).into_iter().next()
    }

    /// Returns all values of a query parameter, decoded, in order.
    #[must_use]
    pub fn params(&self, name: &str) -> Vec<String> {
        query::values(&self.query, name)
    }
}

/// Returns `path` with an encoded query; pairs with an empty value are left out.
#[must_use]
pub fn with_query<K: AsRef<str>, V: AsRef<str>>(path: &str, pairs: &[(K, V)]) -> String {
    let pairs = pairs.iter().map(|(key, value)| (key.as_ref(), value.as_ref()));
    let query = query::write(pairs.filter(|(_, value)| !value.is_empty()));
    if query.is_empty() { path.to_owned() } else { [path, "?", &query].concat() }
}

#[cfg(test)]
mod tests {
    use super::{Location, with_query};

    #[test]
    fn a_location_round_trips_through_its_query() {
        let text =
            with_query("/", &[("q", "a & b"), ("era", "Cloud Turn"), ("era", "X"), ("n", "")]);
        assert_eq!(text, "/?q=a+%26+b&era=Cloud+Turn&era=X");
        let location = Location::parse(&text);
        assert_eq!(location.path, "/");
        assert_eq!(location.param("q").as_deref(), Some("a & b"));
        assert_eq!(location.params("era"), ["Cloud Turn", "X"]);
        assert_eq!(location.param("n"), None);
    }

    #[test]
    fn segments_ignore_slashes_at_both_ends() {
        assert_eq!(Location::parse("/story/a-b/?x=1#y").segments(), ["story", "a-b"]);
        assert!(Location::parse("/").segments().is_empty());
    }
}

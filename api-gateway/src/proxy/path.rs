//! Which domain a path names, and which paths are refused.

/// Returns the `<domain>` of `/api/<domain>` or `/api/<domain>/…`.
///
/// `None` for a path that two servers could read differently: an upstream must see what the gateway saw,
/// or a rule about paths here would not hold there.
pub(crate) fn domain(path: &str) -> Option<&str> {
    // Most paths have none of what a trick takes.
    let pairs = path.as_bytes().array_windows().any(|pair| matches!(pair, b"//" | b"/."));
    let plain = !pairs && !path.bytes().any(|byte| matches!(byte, b'%' | b'\\'));
    if !plain && is_trick(&path.to_ascii_lowercase()) {
        return None;
    }
    named(path)
}

/// Returns the same of any path, for what counts requests and forwards none.
pub(crate) fn named(path: &str) -> Option<&str> {
    path.strip_prefix("/api/")?.split('/').next()
}

fn is_trick(lower: &str) -> bool {
    let hidden = ["%2f", "%5c", "%00", "\\", "//"].iter().any(|trick| lower.contains(trick));
    let dots = |segment: &str| matches!(segment.replace("%2e", ".").as_str(), "." | "..");
    hidden || lower.split('/').any(dots)
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn plain_paths_name_their_domain() {
        for (path, expected) in [
            ("/api/search", Some("search")),
            ("/api/search/", Some("search")),
            ("/api/search/a%20b/..c/d.e", Some("search")),
            ("/api/stories/%C3%A9", Some("stories")),
            ("/other", None),
        ] {
            assert_eq!(domain(path), expected, "{path}");
        }
    }

    #[test]
    fn tricks_name_none() {
        for path in [
            "/api/search/../ask",
            "/api/search/..",
            "/api/./search",
            "/api/search/%2e%2E/ask",
            "/api/search/.%2e/ask",
            "/api/search/%2e",
            "/api//search",
            "/api/search//x",
            "/api/search%2Fx",
            "/api/search/x%5Cy",
            "/api/search\\x",
            "/api/search/x%00",
        ] {
            assert_eq!(domain(path), None, "{path}");
        }
    }
}

//! Whether a request that changes something comes from one of our own pages.
//!
//! Browsers say it themselves: `Sec-Fetch-Site` where the connection is trustworthy, `Origin` with every request
//! that is not a read. Who sends neither is no browser, and has no cookies but those that it was given to send.

use axum::http::{HeaderMap, header};

/// Tells whether no other site's page is behind a request.
pub(super) fn is_ours(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let named = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    named.is_some_and(|(_, named)| host == Some(named))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::is_ours;

    #[test]
    fn another_sites_page_is_recognised_by_what_its_browser_says() {
        let ours = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static("site.example:8080"));
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_ours(&headers)
        };
        for good in [
            &[("sec-fetch-site", "same-origin"), ("origin", "https://site.example")][..],
            &[("sec-fetch-site", "none")],
            &[("origin", "http://site.example:8080")],
            &[],
        ] {
            assert!(ours(good), "{good:?}");
        }
        for bad in [
            &[("sec-fetch-site", "cross-site"), ("origin", "http://site.example:8080")][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "http://site.example")],
            &[("origin", "http://evil.example")],
            &[("origin", "null")],
        ] {
            assert!(!ours(bad), "{bad:?}");
        }
    }
}

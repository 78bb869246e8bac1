//! Whether a request that changes something comes from one of our own pages.
//!
//! Browsers say it themselves, and no page can forge it: `Sec-Fetch-Site` where the connection is trustworthy,
//! `Origin` with every request that is not a read. Who sends neither is no browser, and has no cookies but those
//! that it was given to send.
//!
//! Own, beside tower-http's `CsrfLayer`: that one lets every GET pass, also one that becomes a web socket, and it
//! refuses instead of telling, which `identity` needs.

use axum::http::{HeaderMap, Method, header};

/// Tells whether a request only reads. One that becomes a web socket does not: whoever opened it goes on with the
/// visitor's cookies, and reads what no other site's page could.
pub(crate) fn only_reads(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
        && !headers.contains_key(header::UPGRADE)
}

/// Tells whether no other site's page is behind a request.
pub(crate) fn is_ours(headers: &HeaderMap) -> bool {
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
    use axum::http::{HeaderMap, HeaderValue, Method};

    use super::{is_ours, only_reads};

    #[test]
    fn what_becomes_a_web_socket_does_not_only_read() {
        let mut headers = HeaderMap::new();
        assert!(only_reads(&Method::GET, &headers) && !only_reads(&Method::POST, &headers));
        headers.insert("upgrade", HeaderValue::from_static("WebSocket"));
        assert!(!only_reads(&Method::GET, &headers));
    }

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

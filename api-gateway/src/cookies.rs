//! Cookies: reading those of a request without copying them, and setting some.
//!
//! Not here: what they mean (`session`, `identity`).

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use cookie::{Cookie, CookieBuilder};
use memchr::memmem;

/// Returns the header that sets a cookie.
pub(crate) fn set(cookie: CookieBuilder<'_>) -> Option<(HeaderName, HeaderValue)> {
    let text = cookie.build().to_string();
    Some((header::SET_COOKIE, HeaderValue::try_from(text).ok()?))
}

/// A cookie that many answers set, and always with the same attributes: its header but for the value, made once.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    before: String,
    after: String,
}

impl Template {
    /// Returns what sets a cookie as this one, whose value is none.
    pub(crate) fn of(cookie: CookieBuilder<'_>) -> Self {
        let text = cookie.build().to_string();
        let (before, after) = text.split_once('=').unwrap_or((&text, ""));
        Self { before: [before, "="].concat(), after: after.to_owned() }
    }

    /// Returns the header that sets it to a value, of which a cookie need not quote anything.
    pub(crate) fn set(&self, value: &[u8]) -> Option<(HeaderName, HeaderValue)> {
        let text = [self.before.as_bytes(), value, self.after.as_bytes()].concat();
        Some((header::SET_COOKIE, HeaderValue::try_from(text).ok()?))
    }
}

/// Tells whether a request may have a cookie: no other request is worth being parsed.
fn may_have(value: &HeaderValue, name: &str) -> bool {
    // Also in what cannot be read: services may read it.
    memmem::find(value.as_bytes(), name.as_bytes()).is_some()
}

/// Returns the values of a cookie, as they were sent.
pub(crate) fn values<'a>(
    request: &'a HeaderMap,
    name: &'a str,
) -> impl Iterator<Item = &'a str> + 'a {
    let headers = request.get_all(header::COOKIE).iter().filter(move |value| may_have(value, name));
    let cookies = headers.filter_map(|value| value.to_str().ok()).flat_map(Cookie::split_parse);
    let named = cookies.filter_map(Result::ok).filter(move |cookie| cookie.name() == name);
    named.filter_map(|cookie| cookie.value_raw())
}

/// Takes cookies out of a request. One that has none of them stays as it was sent.
pub(crate) fn remove(request: &mut HeaderMap, names: &[&str]) {
    let has = |value: &HeaderValue| names.iter().any(|name| may_have(value, name));
    if !request.get_all(header::COOKIE).iter().any(has) {
        return;
    }
    let kept = |value: &HeaderValue| -> Vec<String> {
        let cookies = Cookie::split_parse(value.to_str().unwrap_or_default());
        let others = cookies.filter_map(Result::ok).filter(|c| !names.contains(&c.name()));
        others.map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect()
    };
    let others: Vec<String> = request.get_all(header::COOKIE).iter().flat_map(kept).collect();
    request.remove(header::COOKIE);
    if let Some(others) = HeaderValue::try_from(others.join("; ")).ok().filter(|o| !o.is_empty()) {
        request.insert(header::COOKIE, others);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{remove, values};

    fn request(headers: &[&'static str]) -> HeaderMap {
        let value = |text: &&'static str| (header::COOKIE, HeaderValue::from_static(text));
        HeaderMap::from_iter(headers.iter().map(value))
    }

    fn left(headers: &[&'static str]) -> Vec<String> {
        let mut request = request(headers);
        remove(&mut request, &["ours", "mine"]);
        let left = request.get_all(header::COOKIE).iter();
        left.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name_wherever_it_is() {
        let request = request(&["a=ours; ours=1;ours = 2", "yours=4; ours=3=x"]);
        assert_eq!(values(&request, "ours").collect::<Vec<_>>(), ["1", "2", "3=x"]);
        assert_eq!(values(&request, "our").count(), 0);
    }

    #[test]
    fn what_is_none_of_ours_stays_as_it_was_sent() {
        let odd = ["a=1;b;  c=\"x", "d=ä"];
        assert_eq!(left(&odd[..1]), odd[..1]);
        assert_eq!(left(&["a=1", "b=2"]), ["a=1", "b=2"]);
        assert_eq!(left(&["a=1; ours=2; b=3", "mine=4; yours=5"]), ["a=1; b=3; yours=5"]);
        assert_eq!(left(&["ours=2"]), [""; 0]);
    }
}

//! What only https needs: every cookie is `Secure`, and browsers are told to come by https alone.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use service_kit::Around;

use super::client::Https;
use crate::AppState;

/// Adds it to the answers of requests that came by https.
pub(super) struct OverHttps(pub(super) AppState);

impl Around for OverHttps {
    /// Whether it did.
    type Kept = bool;

    fn before(&self, request: &mut Request) -> Result<bool, Box<Response>> {
        Ok(request.extensions().get::<Https>().is_some())
    }

    fn after(&self, https: bool, response: &mut Response) {
        if !https {
            return;
        }
        secure(response.headers_mut());
        let seconds = self.0.current().config.hsts_seconds;
        if seconds > 0
            && let Ok(value) = HeaderValue::try_from(format!("max-age={seconds}"))
        {
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, value);
        }
    }
}

fn secure(headers: &mut HeaderMap) {
    let header::Entry::Occupied(mut set) = headers.entry(header::SET_COOKIE) else { return };
    for cookie in set.iter_mut() {
        let text = cookie.as_bytes();
        let is_secure = |part: &[u8]| part.trim_ascii().eq_ignore_ascii_case(b"secure");
        if text.split(|b| *b == b';').any(is_secure) {
            continue;
        }
        // What was a header's value still is one.
        if let Ok(value) = HeaderValue::from_bytes(&[text, b"; Secure"].concat()) {
            *cookie = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header::SET_COOKIE};

    use super::secure;

    #[test]
    fn every_cookie_is_secure_once() {
        let mut headers = HeaderMap::new();
        for cookie in ["a=1; Path=/", "b=secure", "c=3; SECURE; HttpOnly"] {
            headers.append(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        secure(&mut headers);
        let set: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(set, ["a=1; Path=/; Secure", "b=secure; Secure", "c=3; SECURE; HttpOnly"]);
        let mut none = HeaderMap::new();
        secure(&mut none);
        assert!(none.is_empty());
    }
}

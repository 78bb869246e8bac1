//! Whose request it is.
//!
//! The gateway tells it; no cookie is read here. Who can reach this service past the gateway can name any
//! session, so only the gateway should.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use service_kit::{ApiError, SESSION};

/// Longest id.
const LONGEST: usize = 64;

/// The session of a request; conversations belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Session(String);

impl Session {
    /// Returns a session by its id: 1–64 letters, digits, `-` and `_`.
    #[must_use]
    pub fn new(id: &str) -> Option<Self> {
        let fits = (1..=LONGEST).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then(|| Self(id.to_owned()))
    }

    pub(crate) fn id(&self) -> &str {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut told = parts.headers.get_all(SESSION).iter();
        let session = told.next().and_then(|id| Self::new(id.to_str().ok()?));
        // Two are a mistake of whoever stands before us: better nobody than somebody else.
        session.filter(|_| told.next().is_none()).ok_or_else(|| {
            let detail = "The request has no session. The site's gateway sets `x-asterism-session`: \
                          ask it and not this service.";
            ApiError::new(StatusCode::UNAUTHORIZED, "no-session", detail)
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::{extract::FromRequestParts, http::Request};
    use service_kit::SESSION;

    use super::Session;

    async fn session(told: &[&str]) -> Result<Session, u16> {
        let request = told.iter().fold(Request::get("/"), |r, id| r.header(SESSION, *id));
        let mut parts = request.body(()).unwrap().into_parts().0;
        Session::from_request_parts(&mut parts, &()).await.map_err(|error| error.status.as_u16())
    }

    #[tokio::test]
    async fn only_one_plain_id_is_a_session() {
        let longest = "x".repeat(64);
        for id in ["0123456789abcdef0123456789abcdef", "a", "A-b_9", &longest] {
            assert_eq!(session(&[id]).await, Ok(Session(id.to_owned())));
        }
        let longer = "x".repeat(65);
        for told in [&[][..], &[""], &["a b"], &["a,b"], &["ä"], &["../x"], &[&longer], &["a", "a"]]
        {
            assert_eq!(session(told).await, Err(401), "{told:?}");
        }
    }
}

//! Whose request it is.
//!
//! The gateway tells it; no cookie is read here. What a person asks who signed in is their account's, and follows
//! them to every browser. What a visitor asks is their session's. Who can reach this service past the gateway can
//! name any session, so only the gateway should; accounts are believed only beside the key that it shares with us.
//!
//! Not here: taking over what was asked before signing in, which stays the session's and is there again after
//! signing out.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use service_kit::{ApiError, Caller, Deed, Private, SESSION};

use crate::AppState;

/// Longest id.
const LONGEST: usize = 64;

/// The session of a request, or the account; conversations belong to it.
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

    /// Returns what stands for an account in place of a session; `None` unless policies let it have things of its own.
    #[must_use]
    pub fn of(caller: &Caller) -> Option<Self> {
        let own = Private { owner: caller.account(), organisation: "" };
        let theirs = Deed::ALL.into_iter().all(|deed| caller.may(deed, own));
        // No session's id has a colon.
        theirs.then(|| Self(["account:", caller.account()].concat()))
    }

    pub(crate) fn id(&self) -> &str {
        &self.0
    }
}

impl FromRequestParts<AppState> for Session {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let caller = state.edge.as_ref().and_then(|edge| edge.caller(&parts.headers));
        match caller.as_ref().and_then(Self::of) {
            Some(account) => Ok(account),
            None => Self::told(parts),
        }
    }
}

impl Session {
    /// Returns the session that the gateway names.
    pub(crate) fn told(parts: &Parts) -> Result<Self, ApiError> {
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
    use axum::http::Request;
    use service_kit::SESSION;

    use super::Session;

    fn session(told: &[&str]) -> Result<Session, u16> {
        let request = told.iter().fold(Request::get("/"), |r, id| r.header(SESSION, *id));
        Session::told(&request.body(()).unwrap().into_parts().0)
            .map_err(|error| error.status.as_u16())
    }

    #[test]
    fn only_one_plain_id_is_a_session() {
        let longest = "x".repeat(64);
        for id in ["0123456789abcdef0123456789abcdef", "a", "A-b_9", &longest] {
            assert_eq!(session(&[id]), Ok(Session(id.to_owned())));
        }
        let longer = "x".repeat(65);
        for told in [
            &[][..],
            &[""],
            &["a b"],
            &["a,b"],
            &["ä"],
            &["../x"],
            &["account:a1"],
            &[&longer],
            &["a", "a"],
        ] {
            assert_eq!(session(told), Err(401), "{told:?}");
        }
    }
}

//! Who asks, with the organisation in which they share and read.
//!
//! What is shared is read there by those whom the policies let read it, which the gateway tells
//! ([`service_kit::Caller::may`]). Nobody but its owner changes a conversation, whatever policies permit beyond
//! that: a question belongs to who asked it.
//!
//! Not here: whose what is ([`Session`]).

use axum::{extract::FromRequestParts, http::request::Parts};
use service_kit::{ApiError, Caller, Deed, Private};

use crate::{AppState, Session};

/// A session or an account, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    session: Session,
    shares_in: Option<String>,
    reads_in: Option<String>,
}

impl Asker {
    /// Returns who signed in; of one who has nothing of their own it is the browser's session that owns.
    ///
    /// # Errors
    /// The request has no session, and needs one.
    pub(crate) fn of(
        caller: &Caller,
        session: impl FnOnce() -> Result<Session, ApiError>,
    ) -> Result<Self, ApiError> {
        let account = Session::of(caller);
        let organisation = caller.organisation();
        let named = || (!organisation.is_empty()).then(|| organisation.to_owned());
        // Nobody's account is empty: this is somebody else's.
        let theirs = Private { owner: "", organisation };
        let shares_in = account.as_ref().and_then(|_| named());
        let reads_in = caller.may(Deed::Read, theirs).then(named).flatten();
        Ok(Self { session: account.map_or_else(session, Ok)?, shares_in, reads_in })
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the organisation in which what is theirs can be shared.
    pub(crate) fn shares_in(&self) -> Option<&str> {
        self.shares_in.as_deref()
    }

    /// Returns the organisation whose shared things they may read.
    pub(crate) fn reads_in(&self) -> Option<&str> {
        self.reads_in.as_deref()
    }
}

/// A visitor.
impl From<&Session> for Asker {
    fn from(session: &Session) -> Self {
        Self { session: session.clone(), shares_in: None, reads_in: None }
    }
}

impl From<&Self> for Asker {
    fn from(asker: &Self) -> Self {
        asker.clone()
    }
}

impl FromRequestParts<AppState> for Asker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match state.edge.as_ref().and_then(|edge| edge.caller(&parts.headers)) {
            Some(caller) => Self::of(&caller, || Session::told(parts)),
            None => Ok(Self::from(&Session::told(parts)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use service_kit::EdgeKey;

    use super::Asker;
    use crate::Session;

    /// The owner of what they ask, and where they share and read.
    fn of(organisation: &str, grants: &str) -> (String, Option<String>, Option<String>) {
        let mut told = HeaderMap::new();
        for (name, value) in [
            ("x-asterism-edge", "shared"),
            ("x-asterism-account", "a1"),
            ("x-asterism-organisation", organisation),
            ("x-asterism-private", grants),
        ] {
            told.insert(name, value.parse().unwrap());
        }
        let caller = EdgeKey::new("shared".to_owned()).caller(&told).unwrap();
        let asker = Asker::of(&caller, || Ok(Session::new("browser").unwrap())).unwrap();
        (asker.session.id().to_owned(), asker.shares_in, asker.reads_in)
    }

    #[test]
    fn policies_say_who_shares_and_who_reads_in_an_organisation() {
        let studio = || Some("Studio".to_owned());
        let (account, browser) = (|| "account:a1".to_owned(), || "browser".to_owned());
        for (organisation, grants, expected) in [
            ("Studio", "own-read,own-change,organisation-read", (account(), studio(), studio())),
            ("Studio", "own-read,own-change", (account(), studio(), None)),
            ("Studio", "organisation-read", (browser(), None, studio())),
            ("Studio", "other-read,organisation-change", (browser(), None, None)),
            ("Studio", "", (browser(), None, None)),
            ("", "own-read,own-change,organisation-read", (account(), None, None)),
            // More than one organisation's is in nobody's reach.
            ("", "own-read,own-change,other-read", (account(), None, None)),
        ] {
            assert_eq!(of(organisation, grants), expected, "{organisation} {grants}");
        }
    }
}

//! Who asks: the holder of an API key, or somebody who signed in. Policies say what they may.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
};
use contract::ANY_NAME;
use registry::{ApiKey, Registry, RegistryError, Verb, find_api_key};
use service_kit::{ApiError, bearer};
use tokio::sync::Mutex;

use crate::{
    AppState, beacons,
    identity::access::Person,
    manifest::unreadable,
    policy::{Act, Policies, Subject},
};

/// Keys are read again after this: a revoked one works no longer than that.
const FRESH: Duration = Duration::from_secs(5);
/// For a key that is not known yet they are read again this often: a new one works at once, and strangers
/// cannot keep the store busy.
const AGAIN: Duration = Duration::from_secs(1);

/// The keys, as last read.
#[derive(Debug)]
pub(crate) struct ApiKeys {
    registry: Registry,
    /// Held while reading, so that all who wait are served by one look.
    read: Mutex<Option<(Instant, Arc<[ApiKey]>)>>,
}

impl ApiKeys {
    pub(crate) fn new(registry: Registry) -> Self {
        Self { registry, read: Mutex::default() }
    }

    async fn find(&self, token: &str) -> Result<Option<ApiKey>, RegistryError> {
        let keys = self.younger_than(FRESH).await?;
        if let Some(key) = find_api_key(&keys, token) {
            return Ok(Some(key.clone()));
        }
        let keys = self.younger_than(AGAIN).await?;
        Ok(find_api_key(&keys, token).cloned())
    }

    async fn younger_than(&self, age: Duration) -> Result<Arc<[ApiKey]>, RegistryError> {
        let mut read = self.read.lock().await;
        if let Some((at, keys)) = &*read
            && at.elapsed() < age
        {
            return Ok(keys.clone());
        }
        let keys: Arc<[ApiKey]> = self.registry.api_keys().await?.into();
        *read = Some((Instant::now(), keys.clone()));
        Ok(keys)
    }
}

/// Somebody whom the registry's API knows.
#[derive(Debug)]
pub(crate) struct Caller {
    who: CallerKind,
    policies: Arc<Policies>,
}

#[derive(Debug)]
enum CallerKind {
    Key(ApiKey),
    Person(Person),
}

impl Caller {
    /// Checks that policies allow `verb` for a remote.
    pub(crate) fn may(&self, verb: Verb, name: &str) -> Result<(), ApiError> {
        if self.policies.may(self.subject(), Act::Do(verb, name)) {
            return Ok(());
        }
        let detail = match &self.who {
            CallerKind::Key(key) => scope(key),
            CallerKind::Person(_) => {
                "Your account may not do this. Ask the operator for the role.".to_owned()
            }
        };
        Err(ApiError::new(StatusCode::FORBIDDEN, "out-of-scope", detail))
    }

    /// Tells whether policies let the caller see what only operators need to know.
    pub(crate) fn may_inspect(&self) -> bool {
        self.policies.may(self.subject(), Act::Inspect)
    }

    fn subject(&self) -> Subject<'_> {
        match &self.who {
            CallerKind::Key(key) => Subject::Key(key),
            CallerKind::Person(person) => Subject::Person(person),
        }
    }

    /// Returns who that is, for history and logs: gives no secret away.
    pub(crate) fn who(&self) -> String {
        match &self.who {
            CallerKind::Key(key) => format!("{} (key {})", key.who, key.id),
            CallerKind::Person(person) => format!("{} (account {})", person.name, person.account),
        }
    }
}

fn scope(ApiKey { verbs, names, .. }: &ApiKey) -> String {
    let verbs: Vec<_> = verbs.iter().map(|verb| verb.name()).collect();
    let all = |name| if name == ANY_NAME { "all remotes" } else { name };
    let names: Vec<&str> = names.iter().map(|name| all(name.as_str())).collect();
    let (verbs, names) = (verbs.join(", "), names.join(", "));
    format!("This key may only {verbs} for {names}. Ask the operator for another one.")
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        if let Some(token) = bearer(&parts.headers)
            && let Some(key) = state.api_keys.find(token).await.map_err(unreadable)?
        {
            return Ok(Self { who: CallerKind::Key(key), policies: state.policies.clone() });
        }
        let person = state.identity.known(&parts.method, &parts.headers, beacons::now());
        if let Some(person) = person {
            return Ok(Self { who: CallerKind::Person(person), policies: state.policies.clone() });
        }
        let detail =
            "Send `Authorization: Bearer <key>` with an API key of this registry, or sign in.";
        Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
    }
}

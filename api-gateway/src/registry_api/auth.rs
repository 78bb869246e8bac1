//! Who asks: the holder of an API key, which is scoped to verbs and names.

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
use service_kit::ApiError;
use tokio::sync::Mutex;

use crate::{AppState, manifest::unreadable};

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

/// Somebody with a key.
#[derive(Debug)]
pub(crate) struct Caller(ApiKey);

impl Caller {
    /// Checks that the key allows `verb` for a remote.
    pub(crate) fn may(&self, verb: Verb, name: &str) -> Result<(), ApiError> {
        if self.0.may(verb, name) {
            return Ok(());
        }
        let verbs: Vec<String> =
            self.0.verbs.iter().map(|verb| format!("{verb:?}").to_lowercase()).collect();
        let names: Vec<&str> = self
            .0
            .names
            .iter()
            .map(|name| if name == ANY_NAME { "all remotes" } else { name })
            .collect();
        let detail = format!(
            "This key may only {} for {}. Ask the operator for another one.",
            verbs.join(", "),
            names.join(", ")
        );
        Err(ApiError::new(StatusCode::FORBIDDEN, "out-of-scope", detail))
    }

    /// Returns who that is, for history and logs: gives no secret away.
    pub(crate) fn who(&self) -> String {
        format!("{} (key {})", self.0.who, self.0.id)
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let given = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        if let Some(token) = given
            && let Some(key) = state.api_keys.find(token).await.map_err(unreadable)?
        {
            return Ok(Self(key));
        }
        let detail = "Send `Authorization: Bearer <key>` with an API key of this registry.";
        Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
    }
}

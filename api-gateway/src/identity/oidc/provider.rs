//! The provider: found by its issuer when somebody first signs in there, asked for tokens, its keys kept until it
//! signs with another one.

use std::{io, time::Duration};

use axum::http::StatusCode;
use jsonwebtoken::jwk::Jwk;
use reqwest::{Client, RequestBuilder, redirect};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::{sync::Mutex, time::Instant};
use url::{Url, form_urlencoded::byte_serialize};

use super::{
    begun::Begun,
    config::{OidcConfig, is_safe},
    refusal::Refusal,
    token::{self, BadToken, Believed, Expected},
};

/// How long it may take to be connected.
const CONNECT: Duration = Duration::from_secs(3);
/// What it says about itself is asked for again after so long.
const KEPT: Duration = Duration::from_secs(60 * 60);
/// Who comes so soon after it was found away does not wait for it again.
const AWAY: Duration = Duration::from_secs(3);
/// No answer of it is larger.
const LARGEST: usize = 512 * 1024;

/// A provider that cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The file of the client's secret cannot be read.
    #[error("cannot read `client_secret_file`")]
    Secret(#[from] io::Error),
    /// There is no way to ask it.
    #[error("the HTTP client cannot be made")]
    Client(#[from] reqwest::Error),
}

/// One provider.
pub(super) struct Provider {
    config: OidcConfig,
    secret: Option<String>,
    client: Client,
    known: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    known: Option<Known>,
    away: Option<Instant>,
}

#[derive(Clone, Debug)]
struct Known {
    /// When it was asked.
    at: Instant,
    metadata: Metadata,
    keys: Vec<Jwk>,
}

/// What it says about itself (OpenID Connect Discovery 1.0).
#[derive(Clone, Debug, Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

#[derive(Default, Deserialize)]
struct Failed {
    error: String,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.config.issuer).finish_non_exhaustive()
    }
}

impl Provider {
    pub(super) fn new(config: OidcConfig) -> Result<Self, OidcError> {
        let client = Client::builder()
            .timeout(config.timeout)
            .connect_timeout(CONNECT)
            // Redirected requests could be led anywhere, with the secret.
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self { secret: config.secret()?, config, client, known: Mutex::default() })
    }

    pub(super) fn config(&self) -> &OidcConfig {
        &self.config
    }

    /// Returns where somebody is sent.
    pub(super) async fn authorization(&self, begun: &Begun) -> Result<Url, Refusal> {
        let mut url = self.known().await?.metadata.authorization_endpoint;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &self.config.redirect_uri)
            .append_pair("scope", &self.config.scopes.join(" "))
            .append_pair("state", &begun.state)
            .append_pair("nonce", &begun.nonce)
            .append_pair("code_challenge", &begun.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// Checks who sends somebody back, where the provider says that (RFC 9207).
    pub(super) async fn check_sender(&self, named: Option<&str>) -> Result<(), Refusal> {
        let says = self.known().await?.metadata.authorization_response_iss_parameter_supported;
        let good = named.map_or(!says, |named| named == self.config.issuer);
        if good { Ok(()) } else { Err(Refusal::OtherIssuer) }
    }

    /// Returns about whom the provider gave the code, and what it says about them.
    pub(super) async fn redeem(
        &self,
        begun: &Begun,
        code: &str,
        now: u64,
    ) -> Result<Believed, Refusal> {
        let Known { at, metadata, keys } = self.known().await?;
        let id_token = self.tokens(&metadata, begun, code).await?.id_token;
        let (issuer, client) = (metadata.issuer.as_str(), self.config.client_id.as_str());
        let expected = Expected { issuer, client, nonce: &begun.nonce };
        match token::read(&id_token, &keys, expected, now) {
            // It has new keys. Each code that it gave out can cause this once.
            Err(BadToken::Key) => {
                let Known { keys, .. } = self.after(at).await?;
                Ok(token::read(&id_token, &keys, expected, now)?)
            }
            read => Ok(read?),
        }
    }

    async fn tokens(&self, of: &Metadata, begun: &Begun, code: &str) -> Result<Tokens, Refusal> {
        let (id, uri) = (self.config.client_id.as_str(), self.config.redirect_uri.as_str());
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", uri),
            ("code_verifier", &begun.verifier),
        ];
        let request = self.client.post(of.token_endpoint.clone());
        let methods = of.token_endpoint_auth_methods_supported.as_ref();
        let takes_basic = methods.is_none_or(|all| all.iter().any(|m| m == "client_secret_basic"));
        let request = match &self.secret {
            // RFC 6749, 2.3.1: each half is encoded as in a form.
            Some(secret) if takes_basic => {
                let [id, secret] = [id, secret].map(|t| byte_serialize(t.as_bytes()).collect());
                let (id, secret): (String, String) = (id, secret);
                request.basic_auth(id, Some(secret))
            }
            Some(secret) => {
                form.extend([("client_id", id), ("client_secret", secret)]);
                request
            }
            None => {
                form.push(("client_id", id));
                request
            }
        };
        let (status, body) = answered(request.form(&form)).await?;
        if status.is_success() {
            return parsed(&body);
        }
        let Failed { error } = serde_json::from_slice(&body).unwrap_or_default();
        match error.as_str() {
            "invalid_grant" => Err(Refusal::BadCode),
            error => Err(Refusal::Strange(format!("{status} `{error}` for a code"))),
        }
    }

    /// Returns what is known about the provider, asking it when that is nothing or old.
    async fn known(&self) -> Result<Known, Refusal> {
        self.known_if(|known| known.at.elapsed() < KEPT).await
    }

    /// Returns what is known from after a time, since when something must have changed.
    async fn after(&self, time: Instant) -> Result<Known, Refusal> {
        self.known_if(|known| known.at > time).await
    }

    async fn known_if(&self, good: impl Fn(&Known) -> bool + Send) -> Result<Known, Refusal> {
        // Whoever comes meanwhile waits for the same answer.
        let mut state = self.known.lock().await;
        match state.known.as_ref().filter(|known| good(known)) {
            Some(known) => Ok(known.clone()),
            None => self.ask(&mut state).await,
        }
    }

    async fn ask(&self, state: &mut State) -> Result<Known, Refusal> {
        if state.away.is_some_and(|at| at.elapsed() < AWAY) {
            return Err(Refusal::AwayStill);
        }
        let asked = self.discover().await;
        match &asked {
            Ok(known) => *state = State { known: Some(known.clone()), away: None },
            Err(_) => state.away = Some(Instant::now()),
        }
        asked
    }

    async fn discover(&self) -> Result<Known, Refusal> {
        // Before asking: what changes meanwhile may be missed.
        let at = Instant::now();
        let issuer = self.config.issuer.trim_end_matches('/');
        let place = format!("{issuer}/.well-known/openid-configuration");
        let metadata: Metadata = got(self.client.get(place)).await?;
        let Metadata { issuer, authorization_endpoint, token_endpoint, jwks_uri, .. } = &metadata;
        if *issuer != self.config.issuer {
            return Err(Refusal::Strange(format!("it calls itself `{issuer}`")));
        }
        if let Some(bad) =
            [authorization_endpoint, token_endpoint, jwks_uri].into_iter().find(|url| !is_safe(url))
        {
            return Err(Refusal::Strange(format!("`{bad}` is no https address")));
        }
        let Keys { keys } = got(self.client.get(jwks_uri.clone())).await?;
        // Keys of kinds that we do not know are for others.
        let keys = keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        Ok(Known { at, metadata, keys })
    }
}

async fn got<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Refusal> {
    let (status, body) = answered(request).await?;
    if !status.is_success() {
        return Err(Refusal::Strange(format!("{status} for what it says about itself")));
    }
    parsed(&body)
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Strange(error.to_string()))
}

async fn answered(request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), Refusal> {
    let mut answer = request.send().await.map_err(Refusal::Away)?;
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(Refusal::Away)? {
        if body.len() + piece.len() > LARGEST {
            return Err(Refusal::Strange(format!("more than {LARGEST} bytes")));
        }
        body.extend_from_slice(&piece);
    }
    Ok((answer.status(), body))
}

//! Signing in at a provider, which is a real one but for its people: discovery, keys, codes that are good once and
//! for whom they were given, tokens that it signs. Whatever is not in order is refused.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use accounts::Accounts;
use api_gateway::{Config, OidcConfig};
use audit::verify;
use axum::{
    Form, Json, Router,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::Redirect,
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Answer, Site, request, serve, soon};

const CLIENT: &str = "asterism";
const SECRET: &str = "between us & nobody";
const SITE: &str = "https://site.example";

/// What the provider knows, and how it misbehaves.
#[derive(Default)]
struct Behaviour {
    url: String,
    /// The keys that it signs with and publishes.
    key: u8,
    published: u8,
    /// By code: what somebody was sent with.
    codes: HashMap<String, HashMap<String, String>>,
    /// Claims in place of the truth; numbers are seconds from now.
    says: Value,
    /// Sent back in place of a code.
    error: Option<&'static str>,
    /// Sent back as the issuer.
    iss: Option<&'static str>,
    /// How long it takes to issue tokens.
    slow: Duration,
    /// Answers nothing but failures.
    is_down: bool,
}

#[derive(Clone, Default)]
struct Provider {
    is: Arc<Mutex<Behaviour>>,
    discoveries: Arc<AtomicUsize>,
}

impl Provider {
    async fn start() -> Self {
        let provider = Self::default();
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(provider.clone());
        let url = serve(app).await;
        provider.with(|is| {
            *is = Behaviour { url, key: 1, published: 1, says: json!({}), ..Behaviour::default() };
        });
        provider
    }

    fn with<T>(&self, change: impl FnOnce(&mut Behaviour) -> T) -> T {
        change(&mut self.is.lock().unwrap())
    }

    fn says(&self, claims: Value) {
        self.with(|is| is.says = claims);
    }
}

async fn configuration(State(provider): State<Provider>) -> Result<Json<Value>, StatusCode> {
    provider.discoveries.fetch_add(1, Ordering::Relaxed);
    provider.with(|is| {
        let url = &is.url;
        let document = json!({
            "issuer": url, "authorization_endpoint": format!("{url}/authorize?tenant=1"),
            "token_endpoint": format!("{url}/token"), "jwks_uri": format!("{url}/keys"),
            "authorization_response_iss_parameter_supported": true,
        });
        if is.is_down { Err(StatusCode::SERVICE_UNAVAILABLE) } else { Ok(Json(document)) }
    })
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let published = provider.with(|is| is.published);
    let x = URL_SAFE_NO_PAD.encode(SigningKey::from_bytes(&[published; 32]).verifying_key());
    let ours = json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
        "kid": format!("key-{published}"), "x": x });
    // One of a kind that nobody here knows must not hide the others.
    Json(json!({ "keys": [{ "kty": "of the future", "kid": "z" }, ours] }))
}

async fn authorize(
    State(provider): State<Provider>,
    Query(asked): Query<HashMap<String, String>>,
) -> Redirect {
    assert_eq!((&*asked["tenant"], &*asked["response_type"]), ("1", "code"));
    assert_eq!((&*asked["client_id"], &*asked["code_challenge_method"]), (CLIENT, "S256"));
    assert_eq!(asked["redirect_uri"], format!("{SITE}/auth/oidc/callback"));
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
    provider.with(|is| {
        let (state, iss) = (&asked["state"], is.iss.unwrap_or(&is.url));
        let back = format!("{}?state={state}&iss={iss}", asked["redirect_uri"]);
        if let Some(error) = is.error {
            return Redirect::to(&format!("{back}&error={error}&error_description=%3Cb%3E"));
        }
        let code = format!("code-{}", is.codes.len());
        let back = format!("{back}&code={code}");
        is.codes.insert(code, asked);
        Redirect::to(&back)
    })
}

async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Json<Value>, (StatusCode, Json<Value>)> {
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error })));
    tokio::time::sleep(provider.with(|is| is.slow)).await;
    let encoded = SECRET.replace(' ', "+").replace('&', "%26");
    let client = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{encoded}")));
    if headers.get("authorization").is_none_or(|given| *given != *client) {
        return Err(refused("invalid_client"));
    }
    provider.with(|is| {
        // A code is good once, for the client and the browser that it was given for.
        let asked = is.codes.get_mut(&form["code"]).map(std::mem::take).filter(|a| !a.is_empty());
        let asked = asked.ok_or_else(|| refused("invalid_grant"))?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
        let same = form["redirect_uri"] == asked["redirect_uri"];
        if !same || challenge != asked["code_challenge"] {
            return Err(refused("invalid_grant"));
        }
        assert_eq!(form["grant_type"], "authorization_code");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let mut claims = json!({ "iss": is.url, "sub": "subject-1", "aud": CLIENT, "iat": now,
            "exp": now + 300, "nonce": asked["nonce"], "preferred_username": "anna" });
        for (name, said) in is.says.as_object().unwrap() {
            claims[name] = match said.as_i64() {
                Some(shift) => json!(i64::try_from(now).unwrap() + shift),
                None => said.clone(),
            };
        }
        let pkcs8 = hex::decode("302e020100300506032b657004220420").unwrap();
        let key = EncodingKey::from_ed_der(&[&pkcs8[..], &[is.key; 32]].concat());
        let kid = Some(format!("key-{}", is.key));
        let token = encode(&Header { kid, ..Header::new(Algorithm::EdDSA) }, &claims, &key);
        Ok(Json(json!({ "id_token": token.unwrap(), "token_type": "Bearer", "access_token": "x" })))
    })
}

async fn site_with(provider: &Provider, change: impl FnOnce(&mut Config)) -> Site {
    let oidc = OidcConfig {
        issuer: provider.with(|is| is.url.clone()),
        client_id: CLIENT.to_owned(),
        client_secret: Some(SECRET.into()),
        redirect_uri: format!("{SITE}/auth/oidc/callback"),
        name: "Studio ID".to_owned(),
        timeout: Duration::from_millis(500),
        ..OidcConfig::default()
    };
    let configured = |config: Config| {
        let data_dir = Some(PathBuf::from(&config.registry).with_file_name("data"));
        let mut config = Config { data_dir, oidc, ..config };
        change(&mut config);
        config
    };
    Site::configured("", configured).await
}

async fn site(provider: &Provider) -> Site {
    site_with(provider, |_| {}).await
}

/// Begins; returns where somebody is sent, and the cookie of their browser.
async fn begin(site: &Site) -> (String, String) {
    let answer = site.get("/auth/oidc/start?next=/ask", &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    (answer.header("location").to_owned(), answer.cookies().join("; "))
}

/// Goes to the provider; returns the path that it sends somebody back to.
async fn at_provider(address: &str) -> String {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let answer = client.build().unwrap().get(address).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap();
    back.strip_prefix(SITE).unwrap().to_owned()
}

/// There and back, in one browser.
async fn walk(site: &Site) -> Answer {
    let (address, cookie) = begin(site).await;
    site.get(&at_provider(&address).await, &[("cookie", &cookie)]).await
}

/// Somebody was let in, and is led on by a page's own step, with which browsers send strict cookies.
#[track_caller]
fn let_in(answer: &Answer) {
    let step = (answer.status.as_u16(), answer.header("refresh"));
    assert_eq!(step, (200, "0;url=/ask"), "{}", answer.text());
    assert!(answer.text().contains(r#"href="/ask""#), "{}", answer.text());
}

async fn me(site: &Site, answer: &Answer) -> Value {
    let_in(answer);
    site.get("/auth/me", &[("cookie", &answer.cookies().join("; "))]).await.json()
}

/// Nobody was let in: the page says why, and offers to try again.
#[track_caller]
fn refused(answer: &Answer, status: u16, told: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(answer.text().contains(told), "{told}: {}", answer.text());
    assert!(answer.text().contains("/auth/oidc/start"), "{}", answer.text());
    assert!(!answer.text().contains("<b>"));
    let known = |cookie: &&&str| {
        cookie.starts_with("asterism_refresh") || cookie.starts_with("asterism_access")
    };
    assert_eq!(answer.cookies().iter().find(known), None);
}

#[tokio::test]
async fn whom_the_provider_vouches_for_has_an_account_from_their_first_visit() {
    let provider = Provider::start().await;
    let site = site(&provider).await;
    let page = site.get("/sign-in?next=/ask", &[]).await;
    assert!(page.text().contains("Sign in with Studio ID") && page.text().contains("password"));
    let mut ids = Vec::new();
    for _ in 0..2 {
        let answer = walk(&site).await;
        let me = me(&site, &answer).await;
        assert_eq!((&me["name"], &me["roles"]), (&json!("anna"), &json!([])));
        ids.push(me["sub"].clone());
        // The same tokens as after a password: they are renewed, and end by signing out.
        let refresh: Vec<_> =
            answer.cookies().into_iter().filter(|c| c.starts_with("asterism_refresh=")).collect();
        let headers = [("cookie", refresh[0]), ("sec-fetch-site", "same-origin")];
        let out = request(Method::POST, "/auth/sign-out", &headers, Body::empty());
        assert_eq!(site.send(out).await.status, 204);
        assert_eq!(site.get("/auth/me", &[("cookie", refresh[0])]).await.status, 401);
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(provider.discoveries.load(Ordering::Relaxed), 1, "kept");
    // Who has the name already is somebody else.
    provider.says(json!({ "sub": "subject-2" }));
    let other = me(&site, &walk(&site).await).await;
    assert_ne!(other["sub"], ids[0]);
    assert!(other["name"].as_str().unwrap().starts_with("anna "), "{other}");
    let accounts = Accounts::open(&site.dir.path().join("data")).unwrap();
    accounts.set_disabled("anna", true).unwrap();
    provider.says(json!({}));
    refused(&walk(&site).await, 403, "switched off");
    let log = std::fs::read(site.dir.path().join("data").join(audit::FILE)).unwrap();
    let told: Vec<_> =
        verify(&log, &[]).unwrap().into_iter().map(|e| (e.what, e.outcome)).collect();
    let has = |what: &str, outcome: &str| told.iter().any(|(w, o)| w == what && o == outcome);
    assert!(
        has("account-added", "by Studio ID") && has("sign-in", "done by Studio ID"),
        "{told:?}"
    );
    assert!(has("sign-in", "refused: disabled, by Studio ID"), "{told:?}");
    assert!(!String::from_utf8(log).unwrap().contains("subject-"), "no more of a person");
}

#[tokio::test]
async fn what_a_token_must_not_say_is_refused() {
    let provider = Provider::start().await;
    let site = site(&provider).await;
    for lies in [
        json!({ "nonce": "another sign-in's" }),
        json!({ "nonce": null }),
        json!({ "aud": "another site" }),
        json!({ "aud": [CLIENT, "another site"] }),
        json!({ "azp": "another site" }),
        json!({ "iss": "https://evil.example" }),
        json!({ "exp": -61 }),
        json!({ "iat": 120 }),
        json!({ "nbf": 120 }),
    ] {
        provider.says(lies.clone());
        refused(&walk(&site).await, 401, "cannot be verified");
    }
    provider.says(json!({ "aud": [CLIENT, "another site"], "azp": CLIENT }));
    let_in(&walk(&site).await);
}

#[tokio::test]
async fn a_key_that_is_new_is_asked_for_and_one_that_is_not_published_is_not_believed() {
    let provider = Provider::start().await;
    let site = site(&provider).await;
    let_in(&walk(&site).await);
    provider.with(|is| (is.key, is.published) = (2, 2));
    let_in(&walk(&site).await);
    let_in(&walk(&site).await);
    assert_eq!(provider.discoveries.load(Ordering::Relaxed), 2);
    provider.with(|is| (is.key, is.published) = (3, 3));
    for answer in futures_util::future::join_all((0..8).map(|_| walk(&site))).await {
        let_in(&answer);
    }
    assert_eq!(provider.discoveries.load(Ordering::Relaxed), 3, "many wait for one answer");
    provider.with(|is| is.key = 4);
    refused(&walk(&site).await, 401, "cannot be verified");
}

#[tokio::test]
async fn a_way_back_is_taken_once_and_by_the_browser_that_began() {
    let provider = Provider::start().await;
    let site = site(&provider).await;
    let not_begun = "was begun in another browser";
    let (address, own) = begin(&site).await;
    let (_, others) = begin(&site).await;
    let back = at_provider(&address).await;
    assert_ne!(own, others);
    // Somebody else's browser, sent there by a link.
    let elsewhere = site.get(&back, &[("cookie", &others)]).await;
    refused(&elsewhere, 400, not_begun);
    // Nor does it end what that browser has begun itself.
    assert!(!elsewhere.cookies().iter().any(|cookie| cookie.starts_with("asterism_oidc")));
    refused(&site.get(&back, &[]).await, 400, not_begun);
    let_in(&site.get(&back, &[("cookie", &own)]).await);
    refused(&site.get(&back, &[("cookie", &own)]).await, 400, not_begun);
    for bad in ["/auth/oidc/callback", "/auth/oidc/callback?state=x&code=y"] {
        refused(&site.get(bad, &[("cookie", "asterism_oidc=x")]).await, 400, not_begun);
    }
    // A code that was used, and one of somebody else's sign-in.
    let (address, cookie) = begin(&site).await;
    let replayed = at_provider(&address).await.replace("code=code-1", "code=code-0");
    refused(&site.get(&replayed, &[("cookie", &cookie)]).await, 401, "used already");
    let (theirs, _) = begin(&site).await;
    let stolen = at_provider(&theirs).await.split_once("&code=").unwrap().1.to_owned();
    let (address, cookie) = begin(&site).await;
    let back = at_provider(&address).await;
    let injected = format!("{}&code={stolen}", back.split_once("&code=").unwrap().0);
    refused(&site.get(&injected, &[("cookie", &cookie)]).await, 401, "used already");
    // Another provider's answer to our question.
    provider.with(|is| is.iss = Some("https://evil.example"));
    refused(&walk(&site).await, 401, "cannot be verified");
}

#[tokio::test]
async fn what_goes_wrong_at_the_provider_is_told_with_what_to_do() {
    let provider = Provider::start().await;
    let site = site(&provider).await;
    provider.with(|is| is.is_down = true);
    let away = site.get("/auth/oidc/start?next=/ask", &[]).await;
    refused(&away, 502, "do not understand each other");
    assert!(away.text().contains("start?next=%2Fask"), "{}", away.text());
    provider.with(|is| is.is_down = false);
    refused(&site.get("/auth/oidc/start", &[]).await, 502, "Studio ID does not answer");
    tokio::time::sleep(Duration::from_millis(3100)).await;
    provider.with(|is| is.error = Some("access_denied"));
    refused(&walk(&site).await, 401, "Studio ID did not let you in");
    provider.with(|is| is.error = Some("%3Cb%3Eserver_error"));
    refused(&walk(&site).await, 502, "`bserver_error`");
    provider.with(|is| (is.error, is.slow) = (None, Duration::from_secs(60)));
    let began = Instant::now();
    refused(&soon(walk(&site)).await, 502, "Studio ID does not answer");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn many_who_come_while_the_provider_hangs_wait_once() {
    let provider = Provider::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs = format!("http://{}", listener.local_addr().unwrap());
    let site = site_with(&provider, |config| config.oidc.issuer = hangs).await;
    let began = Instant::now();
    let all = (0..20).map(|_| site.get("/auth/oidc/start", &[]));
    for answer in futures_util::future::join_all(all).await {
        refused(&answer, 502, "Studio ID does not answer");
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test]
async fn roles_and_who_may_come_are_the_configurations() {
    let provider = Provider::start().await;
    let site = site_with(&provider, |config| {
        config.oidc.roles_claim = "groups".to_owned();
        config.oidc.roles = vec!["staff=editor".parse().unwrap()];
        config.oidc.organisation_claim = "org".to_owned();
        config.oidc.organisations = vec!["Studio".to_owned()];
    })
    .await;
    refused(&walk(&site).await, 403, "does not belong to those who may");
    provider.says(json!({ "org": "Studio", "groups": ["staff", "admin"] }));
    let me_now = me(&site, &walk(&site).await).await;
    assert_eq!((&me_now["roles"], &me_now["organisation"]), (&json!(["editor"]), &json!("Studio")));
    provider.says(json!({ "org": "Studio", "groups": [] }));
    assert_eq!(me(&site, &walk(&site).await).await["roles"], json!([]), "taken away there");
    let_in(&walk(&site).await);
    let log = std::fs::read(site.dir.path().join("data").join(audit::FILE)).unwrap();
    let set = verify(&log, &[]).unwrap().into_iter().filter(|entry| entry.what == "roles-set");
    let told: Vec<_> = set.map(|entry| (entry.who, entry.outcome)).collect();
    let anna = |outcome: &str| ("anna".to_owned(), outcome.to_owned());
    assert_eq!(told, [anna("editor, by Studio ID"), anna("visitor, by Studio ID")]);
}

#[tokio::test]
async fn passwords_can_be_switched_off() {
    let provider = Provider::start().await;
    let site = site_with(&provider, |config| config.passwords = false).await;
    let page = site.get("/sign-in", &[]).await;
    assert!(page.text().contains("Studio ID") && !page.text().contains("type=\"password\""));
    crate::identity::add(&site, "bob", &[]);
    let answer = crate::identity::sign_in(&site, "bob", crate::identity::PASSWORD).await;
    assert_eq!(answer.problem(), (403, "no-passwords".to_owned()));
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let filled = format!("name=bob&password={}", crate::identity::PASSWORD.replace(' ', "+"));
    let answer = site.send(request(Method::POST, "/sign-in", &headers, Body::from(filled))).await;
    refused(&answer, 403, "Nobody signs in by a password here");
    let_in(&walk(&site).await);
}

#[tokio::test]
async fn without_a_provider_there_is_none() {
    let site = crate::identity::site().await;
    assert_eq!(site.get("/auth/oidc/start", &[]).await.problem(), (404, "no-provider".to_owned()));
    assert!(!site.get("/sign-in", &[]).await.text().contains("oidc"));
}

//! The gateway over a real registry and fake upstreams. A file for each promise.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod audit;
mod authorization;
mod automatic_rollback;
mod beacons;
mod breaker;
mod caching;
mod cancelling;
mod cookies;
mod cross_site;
mod dashboards;
mod events;
mod forwarding;
mod head_and_body;
mod identity;
mod instances;
mod manifest;
mod oidc;
mod page_config;
mod pages;
mod pools;
mod publishing;
mod rate_limits;
mod raw;
mod red_metrics;
mod registry_api;
mod reloading;
mod remotes;
mod rescue;
mod schema;
mod sessions;
mod shell_files;
mod status;
mod streaming;
mod tls;
mod websocket;

use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use api_gateway::{AppState, Config, Networks, Timeouts, router};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use contract::{ANY_NAME, Built, Descriptor, FileInfo, Kind, Nav, RouteSpec, SCHEMA};
use http_body_util::BodyExt;
use registry::{
    ApiKey, Bundle, Registry, ReleaseRequest, SigningKey, Verb, integrity, precompress,
};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

/// Longer than anything here takes: a promise that is broken by waiting fails, and does not hang.
const SOON: Duration = Duration::from_secs(10);

/// An HTTP answer, read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// `name=value` of each cookie that is set.
    fn cookies(&self) -> Vec<&str> {
        let set = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        set.map(|cookie| cookie.split(';').next().unwrap()).collect()
    }

    /// What the page was told.
    fn told(&self) -> serde_json::Value {
        let (_, rest) = self.text().split_once("id=\"asterism-page\">").unwrap();
        serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
    }

    /// Status and code of a problem.
    #[track_caller]
    fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        let code = problem["type"].as_str().unwrap().trim_start_matches("/problems/");
        (self.status.as_u16(), code.to_owned())
    }
}

/// A gateway with its folders.
struct Site {
    dir: Arc<TempDir>,
    state: AppState,
    key: SigningKey,
    /// `Bearer …` of an operator who may do everything.
    bearer: String,
}

impl Site {
    async fn new(upstreams: &str) -> Self {
        Self::with(upstreams, Timeouts::default()).await
    }

    async fn with(upstreams: &str, timeouts: Timeouts) -> Self {
        Self::configured(upstreams, |config| Config { timeouts, ..config }).await
    }

    async fn configured(upstreams: &str, change: impl FnOnce(Config) -> Config) -> Self {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        shell(dir.path(), "v1");
        fs::write(dir.path().join("session.secret"), [7; 32]).unwrap();
        let config = change(config(dir.path(), upstreams));
        let key = SigningKey::generate().unwrap();
        let bearer = String::new();
        let mut site = Self { state: AppState::new(config).unwrap(), dir, key, bearer };
        let everything = || vec![ANY_NAME.to_owned()];
        site.registry().trust(&site.key.trusted(everything())).await.unwrap();
        site.bearer = site.issue(&[ANY_NAME], &Verb::ALL).await;
        refresh(&site.state).await;
        site
    }

    /// Issues an API key and returns its `Authorization`.
    async fn issue(&self, names: &[&str], verbs: &[Verb]) -> String {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let (key, secret) = ApiKey::new("tester", names, verbs.to_vec()).unwrap();
        self.registry().add_api_key(&key).await.unwrap();
        format!("Bearer {secret}")
    }

    /// Another gateway over the same folders.
    async fn sibling(&self) -> Self {
        let state = AppState::new(config(self.dir.path(), "")).unwrap();
        refresh(&state).await;
        let key = SigningKey::from_text(&self.key.to_text()).unwrap();
        Self { state, dir: self.dir.clone(), key, bearer: self.bearer.clone() }
    }

    /// The same folders under a gateway that has just started.
    async fn restarted(self) -> Self {
        let config = config(self.dir.path(), "");
        let site = Self { state: AppState::new(config).unwrap(), ..self };
        refresh(&site.state).await;
        site
    }

    /// A site with remote `alpha` 0.1.0 published and live.
    async fn released() -> Self {
        Self::new("").await.with_a_release().await
    }

    async fn with_a_release(self) -> Self {
        let site = self;
        site.publish("0.1.0").await;
        site.release("0.1.0").await;
        refresh(&site.state).await;
        site
    }

    /// 0.2.0 live, 0.1.0 before it.
    async fn two_versions() -> Self {
        let site = Self::released().await;
        site.publish("0.2.0").await;
        site.release("0.2.0").await;
        refresh(&site.state).await;
        site
    }

    fn registry(&self) -> Registry {
        Registry::open(self.dir.path().join("registry").to_str().unwrap()).unwrap()
    }

    async fn publish(&self, version: &str) {
        self.registry().publish(&self.bundle(version)).await.unwrap();
    }

    /// `alpha`, signed.
    fn bundle(&self, version: &str) -> Bundle {
        let bundle = bundle(version);
        let signature = serde_json::to_vec(&self.key.sign(&bundle.descriptor)).unwrap();
        Bundle { signature: Some(signature.into()), ..bundle }
    }

    async fn release(&self, version: &str) {
        let (remote, version) = ("alpha".to_owned(), version.to_owned());
        let request = ReleaseRequest { remote, version, ..Default::default() };
        self.registry().release(&request, None).await.unwrap();
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = router(self.state.clone()).oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, body }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, headers, Body::empty())).await
    }

    /// A browser: opens a page and keeps its cookies.
    async fn visitor(&self) -> String {
        self.get("/", &[("accept", "text/html")]).await.cookies().join("; ")
    }

    /// Reports on a version of `alpha`.
    async fn report(&self, cookies: &str, version: &str, kind: &str) -> Answer {
        let body = json!({ "beacons": [{ "remote": "alpha", "version": version, "kind": kind }] });
        let headers = [("content-type", "application/json"), ("cookie", cookies)];
        self.send(request(Method::POST, "/beacons", &headers, Body::from(body.to_string()))).await
    }

    /// Serves the gateway on a port of its own; returns `http://127.0.0.1:<port>`.
    async fn listen(&self) -> String {
        serve(router(self.state.clone())).await
    }
}

/// What a gateway does all the time.
async fn refresh(state: &AppState) {
    state.refresh().await;
    state.compare_audit().await;
}

fn config(dir: &Path, upstreams: &str) -> Config {
    Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        registry: dir.join("registry").to_str().unwrap().to_owned(),
        shell_dir: dir.join("shell"),
        upstreams: upstreams.parse().unwrap(),
        session_secret: Some(dir.join("session.secret")),
        sessions_per_address: 0,
        ..Config::default()
    }
}

fn networks(list: &[&str]) -> Networks {
    Networks::parse(list.iter().copied()).unwrap()
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    headers.iter().fold(request, |r, (name, value)| r.header(*name, *value)).body(body).unwrap()
}

/// Serves `app` on a port of its own for the rest of the test.
async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

/// Serves `answer` to each request and closes, whatever is missing of it; returns the server's URL.
async fn breaking_off(answer: impl AsRef<[u8]> + Send + 'static) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
            stream.write_all(answer.as_ref()).await.unwrap();
        }
    });
    format!("http://{address}")
}

/// Returns the result of something that must not wait for long.
async fn soon<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(SOON, future).await.unwrap()
}

/// The files of `alpha`; one that compresses, one of each type, one that does not shrink.
fn files(version: &str) -> BTreeMap<String, Bytes> {
    [
        ("entry.js", format!("export const version = '{version}';\n").repeat(50)),
        ("alpha_bg.wasm", "\0asm\u{1}\0\0\0".repeat(50)),
        ("alpha.css", ".alpha { color: inherit }\n".repeat(50)),
        ("tiny.txt", "x".to_owned()),
    ]
    .map(|(name, text)| (name.to_owned(), Bytes::from(text)))
    .into()
}

fn bundle(version: &str) -> Bundle {
    let files = files(version);
    let info = |bytes: &Bytes| FileInfo { integrity: integrity(bytes), bytes: bytes.len() as u64 };
    let nav = Some(Nav { label: "Alpha".to_owned(), order: 1 });
    let descriptor = Descriptor {
        schema: SCHEMA,
        name: "alpha".to_owned(),
        version: version.to_owned(),
        contract: "^1.0".to_owned(),
        entry: "entry.js".to_owned(),
        styles: vec!["alpha.css".to_owned()],
        preload: vec!["alpha_bg.wasm".to_owned()],
        files: files.iter().map(|(name, bytes)| (name.clone(), info(bytes))).collect(),
        routes: vec![RouteSpec { path: "/alpha/*".to_owned(), title: "Alpha".to_owned(), nav }],
        apis: vec!["alpha".to_owned()],
        kind: Kind::Module,
        built: Built::default(),
    };
    Bundle { descriptor: serde_json::to_vec(&descriptor).unwrap().into(), signature: None, files }
}

/// Writes a built shell whose script is named after `build`.
fn shell(dir: &Path, build: &str) {
    let dir = dir.join("shell");
    fs::create_dir_all(&dir).unwrap();
    let script = format!("console.log('{build}');\n").repeat(50);
    let (name, icon) = (format!("shell-{build}.js"), "<svg/>");
    fs::write(dir.join(&name), &script).unwrap();
    fs::write(dir.join(name.clone() + ".br"), precompress::brotli(script.as_bytes()).unwrap())
        .unwrap();
    fs::write(dir.join("favicon.svg"), icon).unwrap();
    let page = format!(
        "<!doctype html><html><head><!--asterism:page--><!--asterism:hints-->\
         <script nonce=\"__ASTERISM_NONCE__\">{build}</script>\
         <style nonce=\"__ASTERISM_NONCE__\"></style></head></html>"
    );
    fs::write(dir.join("index.html"), page).unwrap();
    let files: BTreeMap<&str, FileInfo> = [(name.as_str(), script.as_str()), ("favicon.svg", icon)]
        .map(|(name, text)| {
            let integrity = integrity(text.as_bytes());
            (name, FileInfo { integrity, bytes: text.len() as u64 })
        })
        .into();
    fs::write(dir.join("trust.json"), "[]").unwrap();
    let index = serde_json::to_vec(&json!({ "files": files, "build": build })).unwrap();
    fs::write(dir.join("shell.json"), index).unwrap();
}

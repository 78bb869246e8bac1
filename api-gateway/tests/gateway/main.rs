//! The gateway over a real registry and fake upstreams. A file for each promise.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod cancelling;
mod forwarding;
mod manifest;
mod pages;
mod registry_api;
mod remotes;
mod rescue;
mod schema;
mod shell_files;
mod streaming;

use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path, time::Duration};

use api_gateway::{AppState, Config, Timeouts, router};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use contract::{Built, Descriptor, FileInfo, Kind, Nav, RouteSpec, SCHEMA};
use http_body_util::BodyExt;
use registry::{Bundle, Registry, ReleaseRequest, integrity, precompress};
use tempfile::TempDir;
use tower::ServiceExt;

/// Longer than anything here takes: a promise that is broken by waiting fails, and does not hang.
const SOON: Duration = Duration::from_secs(10);

/// SHA-256 of `open sesame`.
const KEY: &str = "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";

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
    dir: TempDir,
    state: AppState,
}

impl Site {
    async fn new(upstreams: &str) -> Self {
        Self::with(upstreams, Timeouts::default()).await
    }

    async fn with(upstreams: &str, timeouts: Timeouts) -> Self {
        let dir = tempfile::tempdir().unwrap();
        shell(dir.path(), "v1");
        let config = Config { timeouts, ..config(dir.path(), upstreams) };
        let site = Self { state: AppState::new(config).unwrap(), dir };
        site.state.refresh().await;
        site
    }

    /// The same folders under a gateway that has just started, without a key.
    async fn restarted_without_key(self) -> Self {
        let config = Config { registry_key: None, ..config(self.dir.path(), "") };
        let site = Self { state: AppState::new(config).unwrap(), dir: self.dir };
        site.state.refresh().await;
        site
    }

    /// A site with remote `alpha` 0.1.0 published and live.
    async fn released() -> Self {
        let site = Self::new("").await;
        site.publish("0.1.0").await;
        site.release("0.1.0").await;
        site.state.refresh().await;
        site
    }

    fn registry(&self) -> Registry {
        Registry::open(self.dir.path().join("registry").to_str().unwrap()).unwrap()
    }

    async fn publish(&self, version: &str) {
        self.registry().publish(&bundle(version)).await.unwrap();
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

    /// Serves the gateway on a port of its own; returns `http://127.0.0.1:<port>`.
    async fn listen(&self) -> String {
        serve(router(self.state.clone())).await
    }
}

fn config(dir: &Path, upstreams: &str) -> Config {
    Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        registry: dir.join("registry").to_str().unwrap().to_owned(),
        shell_dir: dir.join("shell"),
        upstreams: upstreams.parse().unwrap(),
        registry_key: Some(KEY.parse().unwrap()),
        timeouts: Timeouts::default(),
    }
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
        "<!doctype html><html><head><!--asterism:hints-->\
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
    let index = serde_json::to_vec(&serde_json::json!({ "files": files, "build": build })).unwrap();
    fs::write(dir.join("shell.json"), index).unwrap();
}

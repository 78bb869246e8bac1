//! The shell: its files and its one page, which answers every path that is nobody else's.
//!
//! The folder holds `index.html` (a template), `shell.json` (`{"files":{name:{integrity,bytes}}}`), the
//! files and their `.br` and `.gz` forms, and `trust.json`, the trust root of its pages. It is read into
//! memory when `shell.json` changes, which a build therefore writes last, or when `trust.json` does.
//!
//! Not here: checking the files against their integrity. Browsers do, by what `index.html` says, and
//! show its fallback; a second check here would only turn that page into an error.

mod hints;
mod loaded;

use std::{
    io,
    path::{self, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{PAGE_ELEMENT, PageConfig};
use service_kit::{ApiError, Path};

use crate::{
    AppState,
    assets::{IMMUTABLE, REVALIDATE, accepted},
    beacons,
    layers::page_headers,
    session::{Seen, Visit},
};
pub(crate) use hints::escape;
use loaded::{Shell, Stamp};

/// Stands in the template where the page's nonce belongs.
const NONCE: &str = "__ASTERISM_NONCE__";
/// Stands in the template where the hints for the path belong.
const HINTS: &str = "<!--asterism:hints-->";
/// Stands in the template where what the page must know belongs.
const PAGE: &str = "<!--asterism:page-->";
/// First segments whose unknown paths are not pages.
const NOT_PAGES: [&str; 5] = ["api", "registry", "remotes", "schema", "shell"];

/// The shell as it was last built.
#[derive(Debug)]
pub(crate) struct Shells {
    dir: PathBuf,
    current: RwLock<Option<Arc<Shell>>>,
}

impl Shells {
    pub(crate) fn new(dir: PathBuf) -> Self {
        Self { dir, current: RwLock::default() }
    }

    /// Returns the newest shell, `None` while none could be read.
    pub(crate) fn current(&self) -> Option<Arc<Shell>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn required(&self) -> Result<Arc<Shell>, ApiError> {
        self.current().ok_or_else(|| {
            let detail = "The site is not built yet. Try again in a moment.";
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "shell-unavailable", detail)
        })
    }

    /// Takes over a new build, if there is one. The last good one stays when reading fails.
    pub(crate) async fn refresh(&self) {
        let (dir, known) = (self.dir.clone(), self.current().map(|shell| shell.stamp));
        let read = tokio::task::spawn_blocking(move || read(&dir, known)).await;
        match read.unwrap_or_else(|panic| Err(io::Error::other(panic))) {
            Ok(Some(shell)) => {
                tracing::info!(files = shell.len(), "shell read");
                *self.current.write().unwrap_or_else(PoisonError::into_inner) =
                    Some(Arc::new(shell));
            }
            Ok(None) => {}
            Err(error) => {
                let dir = self.dir.display();
                tracing::warn!(%error, %dir, "cannot read the shell");
            }
        }
    }
}

fn read(dir: &path::Path, known: Option<Stamp>) -> io::Result<Option<Shell>> {
    // Before the first build that is no fault; `/readyz` says it.
    let Some(stamp) = Stamp::of(dir)? else { return Ok(None) };
    if known == Some(stamp) {
        return Ok(None);
    }
    Shell::load(dir, stamp).map(Some)
}

/// Answers with one of the shell's hashed files.
pub(crate) async fn file(
    State(state): State<AppState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let shell = state.shells.required()?;
    match shell.asset(&name, IMMUTABLE, accepted(&headers)) {
        Some(asset) => Ok(asset.respond(&headers)),
        None => Err(no_such_path()),
    }
}

/// Answers with the page, or with a file of the shell that browsers look for at the root.
pub(crate) async fn page(
    State(state): State<AppState>,
    Extension(seen): Extension<Seen>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let path = uri.path();
    let below = path.strip_prefix('/').unwrap_or(path);
    if NOT_PAGES.contains(&below.split('/').next().unwrap_or_default()) {
        return Err(no_such_path());
    }
    let shell = state.shells.required()?;
    if let Some(asset) = shell.asset(below, REVALIDATE, accepted(&headers)) {
        return Ok(asset.respond(&headers));
    }
    if !wants_page(path, &headers) {
        return Err(no_such_path());
    }
    let mut random = [0; 40];
    getrandom::fill(&mut random).map_err(ApiError::internal)?;
    let (nonce, chance) = random.split_at(16);
    let nonce = STANDARD.encode(nonce);
    let chance = chance.try_into().map_err(ApiError::internal)?;
    let Visit { bucket, cookies } = state.sessions.visit(&headers, seen, beacons::now(), chance);
    let snapshot = state.manifests.current();
    let hints = hints::hints(snapshot.as_ref().map(|snapshot| &snapshot.manifest), path, bucket);
    let current = state.current();
    let override_origins = current.config.override_origins.clone();
    let told = PageConfig { trust: shell.trust.clone(), override_origins, bucket };
    let told = page_element(&told).map_err(ApiError::internal)?;
    let body = shell.template.replace(PAGE, &told).replace(HINTS, &hints).replace(NONCE, &nonce);
    let plain =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    let policy = page_headers(&nonce, &current.config.override_origins);
    Ok((plain, policy, AppendHeaders(cookies), body).into_response())
}

/// Returns what the page must know as an element. JSON in HTML ends at a `<`, so none is left.
fn page_element(told: &PageConfig) -> serde_json::Result<String> {
    let json = serde_json::to_string(told)?.replace('<', "\\u003c");
    Ok(format!(r#"<script type="application/json" id="{PAGE_ELEMENT}">{json}</script>"#))
}

/// Tells whether a request is for a page: it asks for HTML, or takes anything and names no file.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).map_or("*/*", |v| v.to_str().unwrap_or_default());
    let names_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    accept.contains("text/html") || (accept.contains("*/*") && !names_file)
}

fn no_such_path() -> ApiError {
    ApiError::not_found("no-such-path", "There is nothing at this path.")
}

//! The developer's server: a page with a mock host, and the packaged remote for a running site.
//!
//! Other origins may read the remote, because a site loads it in one tab; they may not read `/api`.

use std::convert::Infallible;

use axum::{
    Router,
    extract::{Path, Request, State},
    http::{HeaderName, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{
        Html, IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::{any, get},
};
use futures_util::{Stream, stream};
use serde_json::json;
use tokio::sync::watch;

use super::{Current, Upstreams, api};

const PAGE: &str = include_str!("../../templates/dev/page.html");
const PAGE_JS: &str = include_str!("../../templates/dev/page.js");
const HOST_JS: &str = include_str!("../../templates/dev/host.js");
const PAGE_CSS: &str = include_str!("../../templates/dev/page.css");
const TOKENS: &str = include_str!("../../../shared-ui/tokens.css");
/// Replaced in the page by what its scripts must know.
const MARK: &str = "__ASTERISM_DEV__";

const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// What every handler shares. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Dev {
    /// The remote's name.
    pub(crate) name: String,
    /// Where this server is.
    pub(crate) origin: String,
    pub(crate) current: watch::Receiver<Current>,
    pub(crate) upstreams: Upstreams,
}

/// Returns the whole server.
pub(crate) fn router(dev: Dev) -> Router {
    let asset = |kind: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, kind)], text) })
    };
    Router::new()
        .route("/__asterism/page.js", asset(JS, PAGE_JS))
        .route("/__asterism/host.js", asset(JS, HOST_JS))
        .route("/__asterism/page.css", asset(CSS, PAGE_CSS))
        .route("/__asterism/tokens.css", asset(CSS, TOKENS))
        .route("/__asterism/events", get(events))
        .route("/remote.json", get(descriptor))
        .route("/{file}", get(file))
        .route("/api/{*path}", any(api::answer))
        .fallback(get(page))
        .with_state(dev)
        .layer(middleware::from_fn(guard))
}

/// Refuses other names for this machine, by which a foreign page could read what only a developer may, and
/// keeps everything out of caches.
async fn guard(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
    if name.is_some_and(|name| !["localhost", "127.0.0.1", "[::1]"].contains(&name)) {
        let why = "this server answers to localhost only";
        return (StatusCode::MISDIRECTED_REQUEST, why).into_response();
    }
    let mut response = next.run(request).await;
    let no_store = header::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    response
}

/// What lets a site of another origin load the remote.
fn for_all() -> [(HeaderName, &'static str); 2] {
    [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ]
}

async fn descriptor(State(dev): State<Dev>) -> Response {
    let draft = dev.current.borrow().draft.clone();
    match draft {
        Some(draft) => (for_all(), axum::Json(draft.descriptor.clone())).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, for_all(), "not built yet").into_response(),
    }
}

async fn file(State(dev): State<Dev>, Path(file): Path<String>, uri: Uri) -> Response {
    let draft = dev.current.borrow().draft.clone();
    let Some(bytes) = draft.and_then(|draft| draft.files.get(&file).cloned()) else {
        // A page of the remote may have only one segment.
        return match file.contains('.') {
            true => (StatusCode::NOT_FOUND, for_all(), "no such file").into_response(),
            false => page(State(dev), uri).await.into_response(),
        };
    };
    let kind = match file.rsplit('.').next().unwrap_or_default() {
        "js" => JS,
        "css" => CSS,
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "webp" => "image/webp",
        _ => "application/octet-stream",
    };
    (for_all(), [(header::CONTENT_TYPE, kind)], bytes).into_response()
}

async fn page(State(dev): State<Dev>, _: Uri) -> Html<String> {
    let facts = json!({
        "name": dev.name,
        "contract": contract::HOST_CONTRACT,
        "origin": dev.origin,
        "site": dev.upstreams.site(),
        "announce": contract::topics::ANNOUNCE,
        "title": contract::topics::TITLE,
    });
    // Nothing in it ends the element that it stands in.
    let facts = facts.to_string().replace('<', "\\u003c");
    Html(PAGE.replace(MARK, &facts))
}

async fn events(
    State(dev): State<Dev>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let mut current = dev.current;
    // What is now is news to a page that has just come.
    current.mark_changed();
    let events = stream::unfold(current, async |mut current| {
        current.changed().await.ok()?;
        let text = {
            let Current { generation, building, error, .. } = &*current.borrow_and_update();
            json!({ "generation": generation, "building": building, "error": error.as_deref() })
                .to_string()
        };
        Some((Ok(Event::default().data(text)), current))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;

//! Pages of other origins may use `/api` when they are on the list, and write only then.
//!
//! Cookies are sent by browsers whoever makes them send: so a request that changes something, or becomes a web
//! socket, must come from our own pages, from an origin on the list, or from no browser at all (`origin`).

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use service_kit::{ApiError, Around, Next, REQUEST_ID};
use tower::{Layer, ServiceExt};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{
    AppState,
    origin::{is_ours, only_reads},
    proxy::REMOTE,
};

/// How long a browser need not ask again.
const REMEMBERED: std::time::Duration = std::time::Duration::from_secs(600);

/// Returns the request's origin when it is on the list.
fn listed(state: &AppState, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let list = &state.current().config.cors_origins;
    list.iter().any(|listed| listed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

/// Refuses writes and web sockets that another site makes a browser send.
pub(super) struct SameSite(pub(super) AppState);

impl Around for SameSite {
    type Kept = ();

    fn before(&self, request: &mut Request) -> Result<(), Box<Response>> {
        let headers = request.headers();
        let good = only_reads(request.method(), headers) || is_ours(headers);
        if good || listed(&self.0, headers).is_some() {
            return Ok(());
        }
        let detail = "Pages of other sites may not do this. An origin can be put on the list of \
                      the gateway (`cors.origins`).";
        Err(ApiError::new(StatusCode::FORBIDDEN, "cross-site", detail).into())
    }
}

/// Lets pages of listed origins read the answers under `/api`, refusals among them; answers what their browsers
/// ask before, which counts against no limit.
pub(super) fn shared(inner: Next, state: &AppState) -> Next {
    let (state, sharing) = (state.clone(), inner.clone().inside_with(state.clone(), share));
    Next::choosing(move |request| {
        let on_api = request.uri().path().starts_with("/api/");
        let shares = on_api && !state.current().config.cors_origins.is_empty();
        if shares { sharing.clone() } else { inner.clone() }
    })
}

async fn share(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = match listed(&state, request.headers()) {
        None => next.run(request).await,
        Some(origin) => match cors(origin).layer(next).oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
    };
    // A cache must not give the answer for one origin to another.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
    response
}

fn cors(origin: HeaderValue) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::exact(origin))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(ALLOWED)
        .expose_headers(EXPOSED)
        .max_age(REMEMBERED)
}

const ALLOWED: [HeaderName; 7] = [
    header::ACCEPT,
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    HeaderName::from_static("traceparent"),
    REMOTE,
];
const EXPOSED: [HeaderName; 5] = [
    header::ETAG,
    header::RETRY_AFTER,
    HeaderName::from_static(REQUEST_ID),
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
];

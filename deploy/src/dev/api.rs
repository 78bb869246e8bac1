//! `/api`: the service of a running site, and made-up answers where none answers.

use std::{path::PathBuf, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use contract::{PROBLEM_JSON, Problem};

use super::{fixtures, server::Dev};
use crate::up::state;

/// Names the fixture that an answer was made of.
pub(super) const MADE_UP: HeaderName = HeaderName::from_static("x-asterism-fixture");
/// What belongs to one connection, and what would tell the site of another origin than its own.
const LEFT: [HeaderName; 6] = [
    header::HOST,
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::CONTENT_LENGTH,
    header::ORIGIN,
    header::REFERER,
];

/// Who answers `/api`.
#[derive(Clone, Debug)]
pub(crate) struct Upstreams {
    client: reqwest::Client,
    /// The site of the command line.
    site: Option<String>,
    /// Where `up` says what runs.
    data: PathBuf,
    /// Services that no site knows, by domain.
    own: Vec<(String, String)>,
    fixtures: PathBuf,
}

impl Upstreams {
    /// Returns the upstreams of a remote whose fixtures are in `fixtures`.
    pub(crate) fn new(
        site: Option<String>,
        data: PathBuf,
        own: Vec<(String, String)>,
        fixtures: PathBuf,
    ) -> anyhow::Result<Self> {
        // Without a limit to the whole: a stream of events may last.
        let client = reqwest::Client::builder().connect_timeout(Duration::from_secs(2)).build()?;
        Ok(Self { client, site, data, own, fixtures })
    }

    /// Returns the site: that of the command line, else the one that runs on this machine by now.
    pub(crate) fn site(&self) -> Option<String> {
        let running = || state::running(&self.data).map(|running| running.url);
        self.site.clone().or_else(running).map(|url| url.trim_end_matches('/').to_owned())
    }

    fn base(&self, path: &str) -> Option<String> {
        let domain = path.split('/').filter(|segment| !segment.is_empty()).nth(1)?;
        let own = self.own.iter().find(|(name, _)| name == domain);
        own.map(|(_, url)| url.trim_end_matches('/').to_owned()).or_else(|| self.site())
    }
}

pub(super) async fn answer(State(dev): State<Dev>, request: Request) -> Response {
    let upstreams = &dev.upstreams;
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let answered = match upstreams.base(uri.path()) {
        Some(base) => forward(&upstreams.client, &base, request).await.ok(),
        None => None,
    };
    // A gateway whose service is down says so with one of these.
    let is_down = answered.as_ref().is_none_or(|response| {
        matches!(
            response.status(),
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
        )
    });
    if !is_down {
        return answered.unwrap_or_else(|| nothing(method.as_str(), &uri));
    }
    match made_up(upstreams, method.as_str(), &uri).await {
        Some(response) => response,
        None => answered.unwrap_or_else(|| nothing(method.as_str(), &uri)),
    }
}

async fn forward(
    client: &reqwest::Client,
    base: &str,
    request: Request,
) -> anyhow::Result<Response> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut outgoing = client.request(parts.method, [base, path].concat());
    outgoing = outgoing.headers(without(&parts.headers, &LEFT));
    let answer = outgoing.body(reqwest::Body::wrap_stream(body.into_data_stream())).send().await?;
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        *headers = without(answer.headers(), &LEFT[1..4]);
    }
    Ok(response.body(Body::from_stream(answer.bytes_stream()))?)
}

fn without(headers: &HeaderMap, left: &[HeaderName]) -> HeaderMap {
    let kept = headers.iter().filter(|(name, _)| !left.contains(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

async fn made_up(upstreams: &Upstreams, method: &str, uri: &Uri) -> Option<Response> {
    let file = fixtures::find(&upstreams.fixtures, method, uri.path())?;
    let bytes = tokio::fs::read(&file).await.ok()?;
    let name = HeaderValue::from_str(&file.file_name()?.to_string_lossy()).ok()?;
    let is_stream = file.extension().is_some_and(|end| end == "sse");
    let kind = if is_stream { "text/event-stream" } else { "application/json" };
    let kind = HeaderValue::from_static(kind);
    let headers = [(header::CONTENT_TYPE, kind), (MADE_UP, name)];
    Some((headers, bytes).into_response())
}

fn nothing(method: &str, uri: &Uri) -> Response {
    let path = uri.path();
    let fixture = fixtures::exact_name(method, path).unwrap_or_default();
    let problem = Problem {
        r#type: "/problems/nobody-answers".to_owned(),
        title: "Service Unavailable".to_owned(),
        status: 503,
        detail: format!(
            "Nobody answers {method} {path}: no site runs with this service, and there is no \
             fixtures/{fixture}. Start the site, or write that file."
        ),
        request_id: String::new(),
        errors: Vec::new(),
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response()
}

//! `/status`: how the site is, for people, and `/status.json` for machines.
//!
//! `report` is what is told, gathered from what this gateway knows; `overall` judges it, purely; `page` draws it
//! without script. Anybody may see it. Addresses of instances are shown to whom policies let `inspect`.
//!
//! Not here: other gateways of the site, each of which has a page of its own; history beyond the last hour,
//! which is what `/metrics` is collected for.

pub(crate) mod last_changes;
mod overall;
mod page;
mod report;

use axum::{
    extract::{FromRequestParts, Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::{AppendHeaders, IntoResponse, Response},
};
use serde::Deserialize;
use service_kit::{ApiError, Json, bearer};

use crate::{
    AppState, beacons,
    identity::Who,
    policy::{Act, Subject},
    registry_api::auth::Caller,
};
use report::Report;

/// How the page is to be.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    /// `off` keeps it as it is.
    #[serde(default)]
    refresh: String,
}

/// Shows how the site is to a person, or to whoever prefers JSON.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(Wanted { refresh }): Query<Wanted>,
    request: Request,
) -> Result<Response, ApiError> {
    let as_json = prefers_json(request.headers());
    let (report, cookies) = seen(&state, request).await;
    if as_json {
        return Ok((AppendHeaders(cookies), told(report)).into_response());
    }
    page::page(&report, refresh != "off", cookies)
}

/// Shows how the site is: every live remote, every domain's pools, the last hour.
#[utoipa::path(get, path = "/status.json", tag = "operators", responses(
    (status = 200, body = Report, description = "Addresses of instances only for analysts, admins and operators' keys"),
))]
pub(crate) async fn json(State(state): State<AppState>, request: Request) -> Response {
    let (report, cookies) = seen(&state, request).await;
    (AppendHeaders(cookies), told(report)).into_response()
}

/// Returns what the caller may see, with the cookies that renew who that is.
async fn seen(state: &AppState, request: Request) -> (Report, Vec<(HeaderName, HeaderValue)>) {
    let (mut parts, _) = request.into_parts();
    let (inspects, cookies) = inspects(&mut parts, state).await;
    (Report::of(state, inspects).await, cookies)
}

fn told(report: Report) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store"), (header::VARY, "accept")], Json(report))
}

/// Tells whether the caller may see addresses, with the cookies that renew who that is.
async fn inspects(parts: &mut Parts, state: &AppState) -> (bool, Vec<(HeaderName, HeaderValue)>) {
    let Who { person, cookies, .. } =
        state.identity.who(&parts.method, &parts.headers, beacons::now()).await;
    if let Some(person) = person {
        return (state.policies.may(Subject::Person(&person), Act::Inspect), cookies);
    }
    if bearer(&parts.headers).is_none() {
        return (false, cookies);
    }
    let caller = Caller::from_request_parts(parts, state).await;
    (caller.is_ok_and(|caller| caller.may_inspect()), cookies)
}

/// Tells whether JSON is asked for by name, and a page is not.
fn prefers_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| {
        accepted.contains("application/json") && !accepted.contains("text/html")
    })
}

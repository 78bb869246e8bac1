//! Blue and green: which pools there are, and shifting traffic between them.

use audit::what::SWITCH;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use registry::{Pools, PoolsRevision, SwitchRequest, Verb};
use service_kit::{ApiError, Json};

use super::{auth::Caller, created, error::refused, if_match::IfMatch, whole::whole};
use crate::AppState;

/// Lists the pools of every domain, with their shares and how they are.
#[utoipa::path(get, path = "/registry/v1/pools", tag = "registry",
    responses((status = 200, body = Pools, description = "Its ETag is the revision")))]
pub(crate) async fn list(State(state): State<AppState>) -> Response {
    let revision = state.division.revision();
    let current = state.current();
    let pools = current.proxy.domains().iter().flat_map(|(_, upstream)| upstream.summaries());
    let etag = [(header::ETAG, format!("\"{revision}\""))];
    (etag, Json(Pools { revision, pools: pools.collect() })).into_response()
}

/// Gives a pool a share of its domain's traffic. This gateway does so when its answer arrives, the others
/// of the site within a second; requests that are under way stay where they are.
#[utoipa::path(post, path = "/registry/v1/pools", tag = "registry", request_body = SwitchRequest,
    params(("if-match" = Option<String>, Header, description = "The revision that was decided on, in quotes")),
    responses((status = 201, body = PoolsRevision, description = "Its ETag is the new revision"),
        (status = 401), (status = 403), (status = 412), (status = 422)))]
pub(crate) async fn switch(
    State(state): State<AppState>,
    caller: Caller,
    IfMatch(expected): IfMatch,
    Json(request): Json<SwitchRequest>,
) -> Result<Response, ApiError> {
    whole(async move { shift(&state, &caller, expected, request).await }).await
}

async fn shift(
    state: &AppState,
    caller: &Caller,
    expected: Option<u64>,
    request: SwitchRequest,
) -> Result<Response, ApiError> {
    state.audit.ready().await?;
    let request = SwitchRequest { who: caller.who(), ..request };
    let switch = async {
        caller.may(Verb::Switch, &request.domain)?;
        known(state, &request)?;
        state.registry.switch(&request, expected).await.map_err(refused)
    };
    let switched = switch.await;
    let SwitchRequest { domain, pool, weight, .. } = &request;
    let attempt = (caller.who(), SWITCH, format!("{domain}.{pool} {weight} %"));
    let done = |made: &PoolsRevision| format!("pools revision {}", made.revision);
    state.audit.attempt(attempt, &switched, done).await;
    let revision = switched?;
    state.division.refresh(state.current().proxy.domains()).await;
    Ok(created(revision.revision, revision))
}

/// Checks that the pool is here: a share of one that is nowhere would be nobody's.
fn known(state: &AppState, request: &SwitchRequest) -> Result<(), ApiError> {
    let SwitchRequest { domain, pool, .. } = request;
    let current = state.current();
    let Some(upstream) = current.proxy.domains().get(domain) else {
        return Err(ApiError::invalid_field("domain", format!("there is no `{domain}` here")));
    };
    let pools: Vec<&str> = upstream.pools().iter().map(|pool| pool.name()).collect();
    if pools.contains(&pool.as_str()) {
        return Ok(());
    }
    let why = format!("`{domain}` has no pool `{pool}`, but {}", pools.join(", "));
    Err(ApiError::invalid_field("pool", why))
}

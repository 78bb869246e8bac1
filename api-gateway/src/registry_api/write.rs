//! What changes what is live or kept. A new revision is already served when its answer arrives.

use audit::what::{GC, RELEASE, ROLLBACK};
use axum::{extract::State, response::Response};
use contract::ANY_NAME;
use registry::{GcReport, GcRequest, ReleaseRequest, Removed, Revision, RollbackRequest, Verb};
use service_kit::{ApiError, Json};

use super::{auth::Caller, created, error::refused, if_match::IfMatch, whole::whole};
use crate::AppState;

/// Makes a published version live, or puts it on trial.
#[utoipa::path(post, path = "/registry/v1/releases", tag = "registry", request_body = ReleaseRequest,
    params(("if-match" = Option<String>, Header, description = "The revision that was decided on, in quotes")),
    responses((status = 201, body = Revision, description = "Its ETag is the new revision"),
        (status = 401), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub(crate) async fn release(
    State(state): State<AppState>,
    caller: Caller,
    IfMatch(expected): IfMatch,
    Json(request): Json<ReleaseRequest>,
) -> Result<Response, ApiError> {
    let request = ReleaseRequest { who: caller.who(), ..request };
    let target = format!("{}@{}", request.remote, request.version);
    let (attempt, registry) = ((caller.who(), RELEASE, target), state.registry.clone());
    let make = async move {
        caller.may(Verb::Release, &request.remote)?;
        registry.release(&request, expected).await.map_err(refused)
    };
    whole(async move { revise(&state, attempt, make).await }).await
}

/// Takes the newest release of a remote back.
#[utoipa::path(post, path = "/registry/v1/rollbacks", tag = "registry", request_body = RollbackRequest,
    params(("if-match" = Option<String>, Header, description = "The revision that was decided on, in quotes")),
    responses((status = 201, body = Revision, description = "Its ETag is the new revision"),
        (status = 401), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub(crate) async fn rollback(
    State(state): State<AppState>,
    caller: Caller,
    IfMatch(expected): IfMatch,
    Json(request): Json<RollbackRequest>,
) -> Result<Response, ApiError> {
    let request = RollbackRequest { who: caller.who(), ..request };
    let target = request.remote.clone();
    let (attempt, registry) = ((caller.who(), ROLLBACK, target), state.registry.clone());
    let make = async move {
        caller.may(Verb::Rollback, &request.remote)?;
        registry.rollback(&request, expected).await.map_err(refused)
    };
    whole(async move { revise(&state, attempt, make).await }).await
}

/// Removes versions that nothing needs any more.
#[utoipa::path(post, path = "/registry/v1/gc", tag = "registry", request_body = GcRequest,
    responses((status = 200, body = GcReport), (status = 401), (status = 403), (status = 422)))]
pub(crate) async fn gc(
    State(state): State<AppState>,
    caller: Caller,
    Json(request): Json<GcRequest>,
) -> Result<Json<GcReport>, ApiError> {
    whole(async move { collect(&state, &caller, request).await }).await
}

async fn collect(
    state: &AppState,
    caller: &Caller,
    request: GcRequest,
) -> Result<Json<GcReport>, ApiError> {
    state.audit.ready().await?;
    let request = GcRequest { who: caller.who(), ..request };
    let collected = match caller.may(Verb::Gc, ANY_NAME) {
        Ok(()) => state.registry.gc(&request).await.map_err(refused),
        Err(refused) => Err(refused),
    };
    // Looking what would go changes nothing.
    if !request.dry_run {
        let attempt = (caller.who(), GC, format!("keep {}", request.keep));
        let removed = |report: &GcReport| format!("removed {}", names(report));
        state.audit.attempt(attempt, &collected, removed).await;
    }
    collected.map(Json)
}

fn names(GcReport { removed, .. }: &GcReport) -> String {
    let names = removed.iter().map(|Removed { remote, version, .. }| format!("{remote}@{version}"));
    let names: Vec<_> = names.collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(" ") }
}

/// Makes a revision, records what came of it, and serves it.
async fn revise(
    state: &AppState,
    attempt: (String, &str, String),
    make: impl Future<Output = Result<Revision, ApiError>>,
) -> Result<Response, ApiError> {
    state.audit.ready().await?;
    let recorded = state.audit.changing().await;
    let made = make.await;
    match &made {
        // The revision says what it did more exactly than the request.
        Ok(revision) => state.audit.revised(revision).await,
        Err(_) => state.audit.attempt(attempt, &made, |_| String::new()).await,
    }
    drop(recorded);
    let revision = made?;
    state.manifests.refresh().await;
    Ok(created(revision.revision, revision))
}

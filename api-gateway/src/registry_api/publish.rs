//! `PUT /registry/v1/remotes/{name}/versions/{version}`: a version arrives as one archive.

use audit::what::PUBLISH;
use axum::{
    body::{self, Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::Descriptor;
use registry::{ArchiveLimits, Bundle, Verb};
use service_kit::{ApiError, Json, Path};

use super::{auth::Caller, error::refused, whole::whole};
use crate::AppState;

/// Largest archive, in bytes.
const LARGEST: usize = 64 << 20;
const ARCHIVE: &str = "application/zstd";

/// Stores a version for ever. It is not live yet.
#[utoipa::path(put, path = "/registry/v1/remotes/{name}/versions/{version}", tag = "registry",
    params(("name" = String, Path), ("version" = String, Path)),
    request_body(content_type = "application/zstd", description = "A .tar.zst of the bundle: remote.json, remote.json.sig and every listed file"),
    responses((status = 201, description = "The descriptor"), (status = 401), (status = 403),
        (status = 409), (status = 413), (status = 415), (status = 422)))]
pub(crate) async fn publish(
    State(state): State<AppState>,
    Path((name, version)): Path<(String, String)>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    state.audit.ready().await?;
    let archive = archive(&caller, &name, &headers, body).await;
    let (who, at) = (caller.who(), (name.clone(), version.clone()));
    // The archive has arrived, or did not: what follows needs nobody who waits.
    let descriptor = whole(async move {
        let published = match archive {
            Ok(bytes) => store(&state, (&at.0, &at.1), bytes).await,
            Err(error) => Err(error),
        };
        let attempt = (caller.who(), PUBLISH, format!("{}@{}", at.0, at.1));
        state.audit.attempt(attempt, &published, |_| "stored".to_owned()).await;
        published
    });
    let descriptor = descriptor.await?;
    let location = format!("/remotes/{name}/{version}/remote.json");
    let location = HeaderValue::try_from(location).map_err(ApiError::internal)?;
    tracing::info!(remote.name = name, remote.version = version, who, "published");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(descriptor)).into_response())
}

/// Returns the archive that somebody who may publish sends.
async fn archive(
    caller: &Caller,
    name: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, ApiError> {
    caller.may(Verb::Publish, name)?;
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if given.is_some_and(|given| given != ARCHIVE && given != "application/octet-stream") {
        let detail = "Send a .tar.zst archive as `Content-Type: application/zstd`.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(ApiError::new(status, "unsupported-media-type", detail));
    }
    body::to_bytes(body, LARGEST).await.map_err(|error| {
        let too_large = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit"));
        if too_large {
            let detail = format!("An archive has at most {} MiB.", LARGEST >> 20);
            return ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail);
        }
        let detail = "The archive broke off. Send it again.";
        ApiError::new(StatusCode::BAD_REQUEST, "unreadable-body", detail)
    })
}

async fn store(
    state: &AppState,
    (name, version): (&str, &str),
    bytes: Bytes,
) -> Result<Descriptor, ApiError> {
    // Decompressing up to the limit takes a while: not on a thread that serves others.
    let read = move || Bundle::read_archive(&*bytes, &ArchiveLimits::default());
    let bundle = tokio::task::spawn_blocking(read).await.map_err(ApiError::internal)?;
    let bundle = bundle.map_err(refused)?;
    state.registry.publish_as(name, version, &bundle).await.map_err(refused)
}

//! Many stories at once.

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::{PROBLEM_JSON, Problem};
use futures_util::StreamExt;
use mfe_stories_api::{
    IMPORT, ImportProblem, ImportQuery, ImportReport, JSON_LINES, lines::MAX_LINE,
};
use service_kit::{ApiError, Json, Query, REQUEST_ID};

use crate::{
    AppState,
    editor::Editor,
    error::StoriesError,
    import::{BATCH, Import, Verdict},
};

/// Adds and replaces stories, one JSON object a line, streamed: the body may have any size, a line at most
/// 1 MiB, a file at most a million lines. For editors.
///
/// Every bad line is counted, the first hundred are reported. Good ones are kept, or none with `atomic`.
/// Who breaks the upload off keeps what was stored by then (in batches of about 1 MiB), or nothing with
/// `atomic`. The whole import is judged as one file: an id stands in it once.
#[utoipa::path(
    post,
    path = IMPORT,
    tag = "editing",
    params(ImportQuery),
    request_body(content = String, content_type = JSON_LINES),
    responses(
        (status = OK, body = ImportReport),
        (status = BAD_REQUEST, body = ImportProblem, description = "Broken off, bad query"),
        (status = UNAUTHORIZED, body = contract::Problem),
        (status = FORBIDDEN, body = contract::Problem, description = "Editing is off"),
        (status = UNSUPPORTED_MEDIA_TYPE, body = contract::Problem),
        (status = UNPROCESSABLE_ENTITY, body = ImportProblem, description = "Atomic, with bad lines"),
    )
)]
pub(super) async fn import(
    State(state): State<AppState>,
    _: Editor,
    Query(ImportQuery { atomic }): Query<ImportQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    if !is_json_lines(&headers) {
        return Err(StoriesError::NotJsonLines.into());
    }
    let store = state.store();
    let import = state.blocking(move || Import::begin(store, atomic)).await?;
    let mut told = Told { import: Some(import), atomic };
    let mut pieces = body.into_data_stream();
    let mut ended = false;
    while !ended {
        let mut batch = Vec::new();
        let mut gathered = 0;
        while gathered < BATCH {
            match pieces.next().await {
                Some(Ok(piece)) => {
                    gathered += piece.len();
                    batch.push(piece);
                }
                Some(Err(_)) => return Ok(broken_off(&headers, told.end())),
                None => {
                    ended = true;
                    break;
                }
            }
        }
        told.work(&state, batch).await?;
    }
    let Some(import) = told.import.take() else { return Err(gone().into()) };
    let (report, verdict) = state.blocking(move || import.finish()).await?;
    log(&report, atomic, "import ended");
    match verdict {
        Verdict::Done => Ok(Json(report).into_response()),
        Verdict::Refused => Ok(refused(&headers, report)),
    }
}

/// The import while its stream is read; it says in the log what was done when the sender goes away, which
/// drops this without another word.
struct Told {
    import: Option<Import>,
    atomic: bool,
}

impl Told {
    async fn work(&mut self, state: &AppState, batch: Vec<Bytes>) -> Result<(), StoriesError> {
        let Some(mut import) = self.import.take() else { return Err(gone()) };
        let worked = state
            .blocking(move || {
                import.take(&batch)?;
                Ok(import)
            })
            .await?;
        self.import = Some(worked);
        Ok(())
    }

    fn end(&mut self) -> ImportReport {
        let report = self.import.take().map(|import| import.report().clone()).unwrap_or_default();
        log(&report, self.atomic, "import broken off");
        report
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        if self.import.is_some() {
            self.end();
        }
    }
}

fn log(report: &ImportReport, atomic: bool, message: &str) {
    let ImportReport { lines, added, replaced, unchanged, refused, .. } = report;
    tracing::info!(lines, added, replaced, unchanged, refused, atomic, "{message}");
}

/// An import is only away while a thread works on it, and comes back or fails.
fn gone() -> StoriesError {
    StoriesError::field("", "the import is not there any more")
}

fn is_json_lines(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let mime = text(header::CONTENT_TYPE).and_then(|value| value.split(';').next()).unwrap_or("");
    let mime = mime.trim().to_ascii_lowercase();
    let plain = text(header::CONTENT_ENCODING).is_none_or(|coding| coding == "identity");
    plain && [JSON_LINES, "application/x-ndjson", "application/x-jsonlines"].contains(&&*mime)
}

fn broken_off(headers: &HeaderMap, report: ImportReport) -> Response {
    let kept = report.added + report.replaced + report.unchanged;
    let detail = format!(
        "The upload broke off after {} lines; {kept} stories of them are kept. Send the rest, or all of \
         it again: what is there already stays unchanged.",
        report.lines
    );
    problem(headers, StatusCode::BAD_REQUEST, "broken-upload", detail, report)
}

fn refused(headers: &HeaderMap, report: ImportReport) -> Response {
    let detail = format!(
        "{} of {} lines are wrong, so nothing was imported. A line has one story of at most {MAX_LINE} \
         bytes; `report.errors` says what is wrong.",
        report.refused, report.lines
    );
    problem(headers, StatusCode::UNPROCESSABLE_ENTITY, "invalid-lines", detail, report)
}

/// A problem with the report beside its own members, which an [`ApiError`] has no place for.
fn problem(
    headers: &HeaderMap,
    status: StatusCode,
    code: &'static str,
    detail: String,
    report: ImportReport,
) -> Response {
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    let Problem { r#type, title, status: number, detail, request_id, .. } =
        ApiError::new(status, code, detail).problem(id);
    let body = ImportProblem { r#type, title, status: number, detail, request_id, report };
    (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], Json(body)).into_response()
}

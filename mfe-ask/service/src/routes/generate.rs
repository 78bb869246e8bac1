//! `POST /api/ask/generate`.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use contract::Problem;
use mfe_ask_api::{Answer, LONGEST_QUESTION, Question};
use service_kit::{ApiError, Json, REQUEST_ID};
use time::OffsetDateTime;

use crate::{
    AppState, Session, Snapshot,
    answering::{self, Asked},
    error::AskError,
    runs::Told,
    streaming,
};

/// Answers a question: as events, or whole for `Accept: application/json`.
///
/// With `Last-Event-ID` it goes on with the events of an answer, and asks nothing.
#[utoipa::path(
    post,
    path = mfe_ask_api::GENERATE,
    request_body = mfe_ask_api::Question,
    params(("last-event-id" = Option<String>, Header, description = "The last event that was read")),
    responses(
        (status = 200, description = "The answer, or a refusal", content(
            (Answer = "application/json"),
            (String = "text/event-stream"),
        )),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 413, body = Problem),
        (status = 422, body = Problem),
        (status = 503, body = Problem),
        (status = 507, body = Problem),
    ),
)]
pub(super) async fn generate(
    State(state): State<AppState>,
    session: Session,
    headers: HeaderMap,
    Json(mut question): Json<Question>,
) -> Result<Response, ApiError> {
    let request_id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    if let Some((message, from)) = streaming::resumed(&headers)? {
        return resume(&state, &session, &message, from, request_id).await;
    }
    let snapshot = state.snapshot()?;
    check(&snapshot, &mut question)?;
    let room = state.runs.room()?;
    let now = OffsetDateTime::now_utc();
    let begun = state.conversations.begin(&session, question.clone(), now).await?;
    let whole = wants_json(&headers);
    let pace = if whole { std::time::Duration::ZERO } else { state.pace };
    let request_id = request_id.to_owned();
    let asked = Asked { session, question, begun, pace, request_id: request_id.clone() };
    let run = answering::begin(&state, snapshot, asked, room);
    let mut reader = run.read(0);
    if !whole {
        return Ok(streaming::live(reader, request_id).into_response());
    }
    while let Some((_, told)) = reader.next().await {
        match told {
            Told::Done(answer) => return Ok(Json(&*answer).into_response()),
            Told::Failed(error) => return Err(*error),
            Told::Meta(_) | Told::Token(_) | Told::Sources(_) => {}
        }
    }
    Err(AskError::NoAnswer.into())
}

/// Goes on with an answer, from its run or from the store.
async fn resume(
    state: &AppState,
    session: &Session,
    message_id: &str,
    from: usize,
    request_id: &str,
) -> Result<Response, ApiError> {
    if let Some(run) = state.runs.find(session, message_id) {
        return Ok(streaming::live(run.read(from), request_id.to_owned()).into_response());
    }
    let message = state.conversations.message(session, message_id).await?;
    let message = message.ok_or(AskError::NoAnswer)?;
    let told = match message.answer {
        Some(answer) => answering::again(&answer),
        // Made by a process that is gone, or it failed: either way it is to be asked again.
        None => vec![Told::Failed(Box::new(AskError::NoAnswer.into()))],
    };
    Ok(streaming::again(message_id, &told, from, request_id).into_response())
}

/// Checks a question and trims it.
fn check(snapshot: &Snapshot, question: &mut Question) -> Result<(), AskError> {
    question.question = question.question.trim().to_owned();
    if !(1..=LONGEST_QUESTION).contains(&question.question.chars().count()) {
        let detail = "must have 1–1000 characters";
        return Err(AskError::Invalid { field: "question", detail });
    }
    if question.from_story.as_deref().is_some_and(|id| !snapshot.corpus.has(id)) {
        let detail = "must be the id of a story; leave it out to ask all of them";
        return Err(AskError::Invalid { field: "from_story", detail });
    }
    if question.retry.is_some() && question.conversation_id.is_none() {
        let detail = "needs `conversation_id` too";
        return Err(AskError::Invalid { field: "retry", detail });
    }
    Ok(())
}

/// Tells whether JSON is asked for: it is accepted by name, and not after the stream.
fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .map(|mime| mime.trim().to_ascii_lowercase())
        .find(|mime| mime == "application/json" || mime == "text/event-stream")
        .is_some_and(|mime| mime == "application/json")
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::wants_json;

    #[test]
    fn json_is_answered_only_to_those_who_name_it_first() {
        for (accept, json) in [
            ("application/json", true),
            ("text/plain, Application/JSON;q=0.9", true),
            ("text/event-stream", false),
            ("text/event-stream, application/json", false),
            ("*/*", false),
        ] {
            let headers =
                HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(wants_json(&headers), json, "{accept}");
        }
        assert!(!wants_json(&HeaderMap::new()));
    }
}

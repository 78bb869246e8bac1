//! `POST /api/ask/generate`.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use contract::Problem;
use mfe_ask_api::{Answer, Confidence, Filters, Mode, Refusal};
use service_kit::{ApiError, Json, REQUEST_ID};
use uuid::Uuid;

use crate::{AppState, Question, Snapshot, answer, error::AskError, starters, streaming};

const LONGEST_QUESTION: usize = 1000;
const LONGEST_ID: usize = 100;
const SUGGESTIONS: usize = 3;

/// Answers a question: as events, or whole for `Accept: application/json`.
#[utoipa::path(
    post,
    path = mfe_ask_api::GENERATE,
    request_body = mfe_ask_api::Question,
    responses(
        (status = 200, description = "The answer, or a refusal", content(
            (Answer = "application/json"),
            (String = "text/event-stream"),
        )),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn generate(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(asked): Json<mfe_ask_api::Question>,
) -> Result<Response, ApiError> {
    let snapshot = state.snapshot()?;
    let conversation_id = conversation(asked.conversation_id)?;
    let question = question(&snapshot, &asked.question, asked.filters, asked.from_story)?;
    let reply = answer(&snapshot.corpus, &question);
    tracing::info!(sources = reply.sources.len(), confidence = ?reply.confidence, "answered");
    let refused = reply.confidence == Confidence::None;
    let answer = Answer {
        conversation_id,
        message_id: Uuid::new_v4().to_string(),
        answer: reply.text,
        sources: reply.sources,
        mode: Mode::Extractive,
        confidence: reply.confidence,
        sentences: Vec::new(),
        degraded: false,
        stopped: false,
        understood: None,
        refusal: refused.then(|| refusal(&snapshot, &question.filters)),
    };
    if wants_json(&headers) {
        return Ok(Json(answer).into_response());
    }
    let request_id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    Ok(streaming::events(&answer, state.pace, request_id).into_response())
}

fn conversation(given: Option<String>) -> Result<String, AskError> {
    let Some(id) = given else { return Ok(Uuid::new_v4().to_string()) };
    let fits = (1..=LONGEST_ID).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !fits {
        let detail = "must be the id of an earlier answer: 1–100 letters, digits, - and _";
        return Err(AskError::Invalid { field: "conversation_id", detail });
    }
    Ok(id)
}

fn question(
    snapshot: &Snapshot,
    text: &str,
    filters: Filters,
    from_story: Option<String>,
) -> Result<Question, AskError> {
    let text = text.trim();
    if !(1..=LONGEST_QUESTION).contains(&text.chars().count()) {
        let detail = "must have 1–1000 characters";
        return Err(AskError::Invalid { field: "question", detail });
    }
    if from_story.as_deref().is_some_and(|id| !snapshot.corpus.has(id)) {
        let detail = "must be the id of a story; leave it out to ask all of them";
        return Err(AskError::Invalid { field: "from_story", detail });
    }
    Ok(Question { text: text.to_owned(), filters, from_story })
}

fn refusal(snapshot: &Snapshot, filters: &Filters) -> Refusal {
    let filtered = *filters != Filters::default();
    let mut suggestions = match filtered {
        true => starters::choose(&snapshot.corpus, filters),
        false => snapshot.starters.clone(),
    };
    suggestions.truncate(SUGGESTIONS);
    let message = match filtered {
        true => {
            "Nothing in the stories under these filters answers that. Remove a filter, or ask \
                 about a client, a technology or a kind of situation."
        }
        false => {
            "Nothing in the stories answers that. Try asking about a client, a technology or a \
                  kind of situation."
        }
    };
    Refusal {
        kind: mfe_ask_api::RefusalKind::LowConfidence,
        message: message.to_owned(),
        suggestions,
    }
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

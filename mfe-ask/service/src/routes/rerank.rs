//! `POST /api/ask/rerank`.

use axum::extract::State;
use contract::Problem;
use mfe_ask_api::{LONGEST_QUESTION, RerankRequest, RerankResponse, Reranked};
use service_kit::{ApiError, Json};

use crate::{
    AppState, Question, error::AskError, planning::score, question::Understood, ranking::rank,
};

const MOST: usize = 200;
const USUAL_TOP_K: u32 = 10;
const MOST_TOP_K: u32 = 100;

/// Puts found stories into the order in which an answer should use them.
#[utoipa::path(
    post,
    path = mfe_ask_api::RERANK,
    request_body = RerankRequest,
    responses(
        (status = 200, body = RerankResponse),
        (status = 400, body = Problem),
        (status = 413, body = Problem),
        (status = 422, body = Problem),
        (status = 503, body = Problem),
    ),
)]
pub(super) async fn rerank(
    State(state): State<AppState>,
    Json(request): Json<RerankRequest>,
) -> Result<Json<RerankResponse>, ApiError> {
    let snapshot = state.snapshot()?;
    check(&request)?;
    let RerankRequest { question, results, from_story, top_k } = request;
    let corpus = &snapshot.corpus;
    let asked = Understood::new(corpus, &question);
    let pinned = from_story.into_iter().collect();
    let question = Question { text: question, pinned, ..Question::default() };
    let ranked = rank(corpus, &question, &asked, &results);
    let top_k = top_k.unwrap_or(USUAL_TOP_K) as usize;
    let results = ranked.iter().take(top_k).map(|ranked| {
        let story = &ranked.indexed.story;
        let (id, client) = (story.id.clone(), story.client.clone());
        Reranked { id, client, score: score(ranked), pinned: ranked.pinned }
    });
    Ok(Json(RerankResponse {
        intent: asked.intent(),
        entities: asked.scope.all().cloned().collect(),
        results: results.collect(),
    }))
}

fn check(request: &RerankRequest) -> Result<(), AskError> {
    let invalid = |field, detail| Err(AskError::Invalid { field, detail });
    let RerankRequest { question, results, top_k, .. } = request;
    if question.trim().is_empty() || question.chars().count() > LONGEST_QUESTION {
        return invalid("question", "must have 1–1000 characters");
    }
    if results.len() > MOST {
        return invalid("results", "must have at most 200 entries");
    }
    if !results.iter().all(|candidate| candidate.score.is_finite() && candidate.score >= 0.0) {
        return invalid("results", "must have scores from 0 on");
    }
    if top_k.is_some_and(|top_k| !(1..=MOST_TOP_K).contains(&top_k)) {
        return invalid("top_k", "must be 1–100");
    }
    Ok(())
}

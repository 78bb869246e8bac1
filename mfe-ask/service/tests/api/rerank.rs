//! `POST /api/ask/rerank`.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use mfe_ask_api::{Intent, RERANK, RerankResponse};
use serde_json::{Value, json};

use crate::{json, problem, send, state, stories};

fn request(body: String) -> Request<Body> {
    let request = Request::post(RERANK).header("content-type", "application/json");
    request.body(body.into()).unwrap()
}

async fn rerank(body: Value) -> RerankResponse {
    let response = send(state(), request(body.to_string())).await;
    assert_eq!(response.status(), StatusCode::OK, "{body}");
    json(response).await
}

/// Reranks all stories as if all had been found alike.
async fn all(question: &str) -> RerankResponse {
    let results: Vec<_> =
        stories().iter().map(|story| json!({ "id": story.id, "score": 1.0 })).collect();
    rerank(json!({ "question": question, "results": results, "top_k": 100 })).await
}

fn ids(response: &RerankResponse) -> Vec<&str> {
    response.results.iter().map(|result| result.id.as_str()).collect()
}

#[tokio::test]
async fn what_is_named_is_pinned_and_nothing_else_is_left() {
    for (question, entity, expected) in [
        (
            "What was the hardest part at Northbank?",
            "Northbank",
            &["exit-the-mainframe-northbank", "penny-perfect-parallel-run-northbank"][..],
        ),
        (
            "what did farwave want",
            "Farwave Mobile",
            &["esim-sofa-farwave", "number-pad-selfcare-farwave"],
        ),
        (
            "How did you win trust at MCS?",
            "Meridian Card Services",
            &["fraud-model-in-the-shadows-meridian"],
        ),
        ("How did One View end?", "One View", &["crm-rescue-cobalt"]),
        (
            "What went wrong in the bedrock programme?",
            "Bedrock",
            &["two-week-stop-claims-rescue-castellan"],
        ),
        (
            "What did Northstar Studio build?",
            "Northstar Studio",
            &[
                "apprentices-ministry",
                "claims-triage-in-shadow-castellan",
                "esim-sofa-farwave",
                "fraud-model-in-the-shadows-meridian",
                "yield-model-mlops-sable",
            ],
        ),
    ] {
        let response = all(question).await;
        assert_eq!(response.intent, Intent::Entity, "{question}");
        assert_eq!(response.entities, [entity], "{question}");
        assert!(response.results.iter().all(|result| result.pinned), "{question}");
        let mut found = ids(&response);
        found.sort_unstable();
        assert_eq!(found, expected, "{question}");
    }
}

#[tokio::test]
async fn initials_in_lower_case_name_nobody() {
    let response = all("How did you win trust with mcs?").await;
    assert_eq!((response.intent, response.entities), (Intent::General, vec![]));
}

#[tokio::test]
async fn no_client_comes_again_before_another_that_is_nearly_as_good() {
    let found = [
        ("exit-the-mainframe-northbank", 10.0),
        ("penny-perfect-parallel-run-northbank", 9.9),
        ("crm-rescue-cobalt", 9.5),
        ("south-terminal-rescue-tidewater", 1.0),
    ];
    let results: Vec<_> = found.map(|(id, score)| json!({ "id": id, "score": score })).into();
    let body = json!({ "question": "What was hard?", "results": results });
    let response = rerank(body).await;
    assert_eq!(response.intent, Intent::General);
    assert_eq!(
        ids(&response),
        [
            "exit-the-mainframe-northbank",
            "crm-rescue-cobalt",
            "penny-perfect-parallel-run-northbank",
            "south-terminal-rescue-tidewater",
        ]
    );
    assert!(response.results.iter().all(|result| !result.pinned));
    assert!(response.results.is_sorted_by(|a, b| a.score >= b.score));
}

#[tokio::test]
async fn narratives_answer_only_questions_about_the_person() {
    let narrative = |response: &RerankResponse| {
        ids(response)
            .iter()
            .filter(|id| id.starts_with("failure-") || id.starts_with("lead"))
            .count()
    };
    for (question, intent, expected) in [
        ("Tell me about a time you failed", Intent::Person, 2),
        ("Tell me about yourself", Intent::Person, 2),
        ("Which programmes were rescued?", Intent::General, 0),
        ("What patterns do you see in rescues across clients?", Intent::Synthesis, 0),
    ] {
        let response = all(question).await;
        assert_eq!(response.intent, intent, "{question}");
        assert_eq!(narrative(&response), expected, "{question}");
    }
}

#[tokio::test]
async fn a_question_over_clients_takes_four_named_ones_first() {
    let stories = stories();
    let generic = |client: &str| client == "Multiple Clients";
    // The best by far are of one client and of none.
    let results: Vec<_> = stories
        .iter()
        .map(|story| {
            let best = generic(&story.client) || story.client == "Northbank";
            json!({ "id": story.id, "score": if best { 10.0 } else { 1.0 } })
        })
        .collect();
    let question = "What do your rescues have in common across clients?";
    let response = rerank(json!({ "question": question, "results": results, "top_k": 4 })).await;
    assert_eq!(response.intent, Intent::Synthesis);
    let mut clients: Vec<_> = response.results.iter().map(|r| r.client.as_str()).collect();
    assert!(!clients.iter().any(|client| generic(client)), "{clients:?}");
    clients.sort_unstable();
    clients.dedup();
    assert_eq!(clients.len(), 4, "{clients:?}");
}

#[tokio::test]
async fn the_story_that_the_question_comes_from_is_first_found_or_not() {
    let results = json!([{ "id": "crm-rescue-cobalt", "score": 9.0 }]);
    let body = json!({
        "question": "What was hard?", "results": results, "from_story": "yield-model-mlops-sable",
    });
    let response = rerank(body).await;
    assert_eq!(ids(&response), ["yield-model-mlops-sable", "crm-rescue-cobalt"]);
    assert!(response.results[0].pinned && !response.results[1].pinned);
}

#[tokio::test]
async fn unknown_stories_are_left_out_and_nothing_found_is_nothing() {
    let results = json!([
        { "id": "gone", "score": 9.0 }, { "id": "crm-rescue-cobalt", "score": 0.0 },
        { "id": "", "score": 1.0 },
    ]);
    let response = rerank(json!({ "question": "What was hard?", "results": results })).await;
    assert_eq!(ids(&response), ["crm-rescue-cobalt"]);
    let response = rerank(json!({ "question": "What was hard?", "results": [] })).await;
    assert_eq!(ids(&response), Vec::<&str>::new());
}

#[tokio::test]
async fn as_many_are_told_as_are_asked_for() {
    let results: Vec<_> =
        stories().iter().map(|story| json!({ "id": story.id, "score": 1.0 })).collect();
    for (top_k, expected) in [(Value::Null, 10), (json!(1), 1), (json!(100), 14)] {
        let body = json!({ "question": "What was hard?", "results": results, "top_k": top_k });
        assert_eq!(rerank(body).await.results.len(), expected, "{top_k}");
    }
}

#[tokio::test]
async fn unfit_fields_are_named() {
    let results = json!([{ "id": "a", "score": 1.0 }]);
    let many = vec![json!({ "id": "a", "score": 1.0 }); 201];
    for (body, field) in [
        (json!({ "question": "", "results": results }), "question"),
        (json!({ "question": " \t ", "results": results }), "question"),
        (json!({ "question": "x".repeat(1001), "results": results }), "question"),
        (json!({ "question": "Why?", "results": many }), "results"),
        (json!({ "question": "Why?", "results": [{ "id": "a", "score": -0.1 }] }), "results"),
        (json!({ "question": "Why?", "results": results, "top_k": 0 }), "top_k"),
        (json!({ "question": "Why?", "results": results, "top_k": 101 }), "top_k"),
        (json!({ "question": "Why?", "results": results, "top_k": -1 }), "top_k"),
        (json!({ "question": "Why?", "results": [{ "id": "a" }] }), "results[0]"),
        (json!({ "question": "Why?", "results": results, "model": "x" }), "model"),
    ] {
        let response = send(state(), request(body.to_string())).await;
        let problem = problem(response, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(problem.errors[0].field, field);
    }
    let two_hundred = vec![json!({ "id": "a", "score": 1.0 }); 200];
    assert!(rerank(json!({ "question": "Why?", "results": two_hundred })).await.results.is_empty());
}

#[tokio::test]
async fn a_score_that_is_no_number_is_refused() {
    for score in ["NaN", "Infinity", "1e999", "-1e999", "\"1\"", "null"] {
        let body = format!(r#"{{"question":"Why?","results":[{{"id":"a","score":{score}}}]}}"#);
        let status = send(state(), request(body)).await.status();
        assert!(status.is_client_error(), "{score}: {status}");
    }
}

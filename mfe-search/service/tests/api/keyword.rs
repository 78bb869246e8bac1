use axum::http::StatusCode;
use mfe_search_api::KEYWORD;
use serde_json::json;

use crate::{Service, ids, stories, story};

#[tokio::test]
async fn an_empty_query_lists_newest_first_without_stories_about_the_person() {
    let service = Service::with(stories());
    for query in ["", "   "] {
        let answer = service.search(json!({ "query": query })).await;
        assert_eq!(ids(&answer), ["orders", "cards", "mainframe"]);
        assert_eq!(answer["confidence"], "high");
        assert_eq!(answer["total"], 3);
        assert_eq!(answer["count"], 3);
        assert_eq!(answer["outside"], 3);
        assert_eq!(answer["results"][0]["score"], 0.0);
        assert_eq!(answer["results"][0]["highlights"], json!([]));
    }
}

#[tokio::test]
async fn stories_about_the_person_are_found_by_words_and_by_their_theme() {
    let service = Service::with(stories());
    assert_eq!(service.find("ferry").await.0, ["person"]);
    let answer = service.search(json!({ "query": "", "filters": { "theme": ["Person"] } })).await;
    assert_eq!(ids(&answer), ["person"]);
}

#[tokio::test]
async fn results_are_sorted_as_asked() {
    let service = Service::with(stories());
    for (sort, expected) in [
        ("relevance", ["orders", "cards", "mainframe"]),
        ("newest", ["orders", "cards", "mainframe"]),
        ("oldest", ["mainframe", "cards", "orders"]),
        ("title", ["cards", "mainframe", "orders"]),
        ("client", ["orders", "cards", "mainframe"]),
    ] {
        let answer = service.search(json!({ "query": "", "sort": sort })).await;
        assert_eq!(ids(&answer), expected, "{sort}");
    }
    let answer = service.search(json!({ "query": "ledger", "sort": "oldest" })).await;
    assert_eq!(ids(&answer), ["mainframe", "cards"]);
}

#[tokio::test]
async fn pages_follow_each_other_and_end() {
    // Alike in all but the id, so that only the tie-break orders them.
    let alike = |n: u32| story(&format!("s{n}"), "Alike", "The same ledger.");
    let service = Service::with((0..5).map(alike).collect());
    for query in ["", "ledger"] {
        let mut seen = Vec::new();
        for page in 1..=3 {
            let answer = service.search(json!({ "query": query, "top_k": 2, "page": page })).await;
            assert_eq!(answer["total"], 5);
            seen.extend(ids(&answer));
        }
        assert_eq!(seen, ["s0", "s1", "s2", "s3", "s4"], "{query:?}");
        let beyond = json!({ "query": query, "top_k": 100, "page": u32::MAX });
        let answer = service.search(beyond).await;
        assert_eq!(ids(&answer), [""; 0]);
        assert_eq!((&answer["count"], &answer["total"]), (&json!(0), &json!(5)));
    }
}

#[tokio::test]
async fn highlights_mark_the_words_and_escape_the_rest() {
    let service = Service::with(stories());
    let answer = service.search(json!({ "query": "twelve cards" })).await;
    assert_eq!(
        answer["results"][0]["highlights"],
        json!([
            { "field": "title", "html": "<mark>Cards</mark> in <mark>Twelve</mark> Minutes" },
            { "field": "summary", "html": "A ledger for <mark>cards</mark>." },
            {
                "field": "situation",
                "html": "Issuing took &lt;b&gt;<mark>twelve</mark>&lt;/b&gt; days &amp; \
                         nobody knew why."
            },
        ])
    );
}

#[tokio::test]
async fn bad_requests_are_refused_with_the_field() {
    let service = Service::with(stories());
    let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
    for (request, field) in [
        (json!({ "query": "", "top_k": 0 }), "top_k"),
        (json!({ "query": "", "top_k": 101 }), "top_k"),
        (json!({ "query": "", "top_k": 1_000_000_000_000_u64 }), "top_k"),
        (json!({ "query": "", "top_k": -1 }), "top_k"),
        (json!({ "query": "", "top_k": "many" }), "top_k"),
        (json!({ "query": "", "page": 0 }), "page"),
        (json!({ "query": "", "page": 1e300 }), "page"),
        (json!({ "query": "é".repeat(501) }), "query"),
        (json!({ "query": null }), "query"),
        (json!({ "query": "", "sort": "random" }), "sort"),
        (json!({ "query": "", "more": true }), "more"),
        (json!({ "query": "", "filters": { "colour": [] } }), "filters.colour"),
        (json!({ "query": "", "filters": { "era": many } }), "filters.era"),
    ] {
        let (status, problem) = service.post(KEYWORD, request.to_string()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{request}: {problem}");
        assert_eq!(problem["errors"][0]["field"], field, "{request}");
    }
    let longest = json!({ "query": "é".repeat(500), "top_k": 100 });
    assert_eq!(service.post(KEYWORD, longest.to_string()).await.0, StatusCode::OK);
}

#[tokio::test]
async fn bad_bodies_are_refused_and_never_a_server_error() {
    let service = Service::with(stories());
    for (body, status) in [
        ("{".to_owned(), 400),
        ("{} {}".to_owned(), 422),
        ("[]".to_owned(), 422),
        ("{\"query\":\"\"} x".to_owned(), 400),
        (json!({ "query": "x".repeat(5_000_000) }).to_string(), 413),
    ] {
        let start: String = body.chars().take(20).collect();
        let (answered, problem) = service.post(KEYWORD, body).await;
        assert_eq!(answered.as_u16(), status, "{start}: {problem}");
        assert_eq!(problem["status"], status);
    }
}

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{Service, stories, story};

async fn suggest(service: &Service, q: &str) -> Vec<String> {
    let (status, body) = service.get(&format!("/api/search/suggest?q={q}")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let suggestions = body["suggestions"].as_array().unwrap();
    suggestions.iter().map(|s| s["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn names_that_begin_with_or_contain_the_words_are_suggested() {
    let service = Service::with(stories());
    for (q, expected) in [
        ("", vec![]),
        ("%20", vec![]),
        (
            "m",
            // Beginnings, then words that begin, then words that contain.
            vec![
                "Modernisation",
                "Meridian Card Services",
                "Cards in Twelve Minutes",
                "Exiting the Mainframe",
                "Payments",
                "One Stream of Orders",
            ],
        ),
        ("MAIN", vec!["Exiting the Mainframe"]),
        ("card", vec!["Cards in Twelve Minutes", "Meridian Card Services"]),
        ("serv%20merid", vec!["Meridian Card Services"]),
        ("frame", vec!["Exiting the Mainframe"]),
        ("northbnak", vec!["Northbank"]),
        ("zzzz", vec![]),
    ] {
        assert_eq!(suggest(&service, q).await, expected, "{q}");
    }
}

#[tokio::test]
async fn a_title_names_its_story_and_at_most_eight_are_suggested() {
    let alike = |n: u32| story(&format!("s{n}"), "Ledger", "");
    let service = Service::with((0..20).map(alike).collect());
    let (_, body) = service.get("/api/search/suggest?q=led").await;
    assert_eq!(body["suggestions"].as_array().map(Vec::len), Some(8));
    assert_eq!(body["suggestions"][0], json!({ "kind": "title", "text": "Ledger", "id": "s0" }));
}

#[tokio::test]
async fn bad_queries_are_refused() {
    let service = Service::with(stories());
    let long = ["/api/search/suggest?q=", &"a".repeat(201)].concat();
    let (status, problem) = service.get(&long).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["field"], "q");
    let (status, problem): (_, Value) = service.get("/api/search/suggest?query=a").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
}

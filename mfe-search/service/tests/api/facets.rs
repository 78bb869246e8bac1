use serde_json::{Value, json};

use crate::{Service, ids, stories};

fn counts(answer: &Value, facet: &str) -> Vec<(String, u64)> {
    let counts = answer["facets"][facet].as_array().unwrap();
    let pair = |c: &Value| (c["value"].as_str().unwrap().to_owned(), c["count"].as_u64().unwrap());
    counts.iter().map(pair).collect()
}

#[tokio::test]
async fn facets_count_without_their_own_filter() {
    let service = Service::with(stories());
    let request = json!({ "query": "", "filters": { "industry": ["Finance"] } });
    let answer = service.search(request).await;
    assert_eq!(ids(&answer), ["cards", "mainframe"]);
    assert_eq!(counts(&answer, "industry"), [("Finance".into(), 2), ("Logistics".into(), 1)]);
    assert_eq!(
        counts(&answer, "capability"),
        [("Modernisation".into(), 1), ("Payments".into(), 1)]
    );
}

#[tokio::test]
async fn a_count_is_what_choosing_the_value_gives() {
    let service = Service::with(stories());
    for query in ["", "ledger"] {
        let all = service.search(json!({ "query": query })).await;
        for facet in ["industry", "capability", "client", "theme"] {
            for (value, count) in counts(&all, facet) {
                let request = json!({ "query": query, "filters": { facet: [value] } });
                let chosen = service.search(request).await;
                assert_eq!(chosen["total"], count, "{query:?} {facet} {value}");
            }
        }
    }
}

#[tokio::test]
async fn counts_are_of_all_matches_not_of_the_page() {
    let service = Service::with(stories());
    let answer = service.search(json!({ "query": "ledger", "top_k": 1 })).await;
    assert_eq!(answer["count"], 1);
    assert_eq!(counts(&answer, "industry"), [("Finance".into(), 2)]);
}

#[tokio::test]
async fn a_value_that_no_story_has_finds_nothing() {
    let service = Service::with(stories());
    let request = json!({ "query": "ledger", "filters": { "era": ["Nowhere"] } });
    let answer = service.search(request).await;
    assert_eq!((&answer["total"], &answer["confidence"]), (&json!(0), &json!("none")));
}

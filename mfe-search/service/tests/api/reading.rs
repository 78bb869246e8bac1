//! Queries that say more than their words, and those that are no words.

use axum::http::StatusCode;
use mfe_search_api::KEYWORD;
use serde_json::json;

use crate::{Service, ids, stories, story};

fn service() -> Service {
    let mut all = stories();
    all[0].era = "Cloud Turn".to_owned();
    all[1].era = "Foundations".to_owned();
    all[2].era = "Cloud Turn".to_owned();
    for (id, title, summary) in [
        ("cpp", "C++ & .NET", "A desktop program in C++ and .NET for $1.2M."),
        ("csharp", "Something in C#", "On the net, with C and 1.2 or 12M."),
        ("and", "A & B / C", "R&D/labs"),
    ] {
        all.push(story(id, title, summary));
    }
    all[4].tags = vec!["C++ & .NET".to_owned()];
    all[6].sub_category = "Research & Labs/I/O".to_owned();
    Service::with(all)
}

#[tokio::test]
async fn a_query_of_names_is_understood_as_filters() {
    let service = service();
    let ask = json!({ "query": "finance work during Cloud Turn" });
    // `finance` is the stories' own word here, `Finance` their industry.
    let answer = service.search(ask).await;
    assert_eq!(answer["understood"]["era"], json!(["Cloud Turn"]), "{answer}");
    assert_eq!(ids(&answer), ["cards", "mainframe"]);
    assert_eq!(answer["confidence"], "high");
    let literal = json!({ "query": "finance work during Cloud Turn", "literal": true });
    assert_eq!(service.search(literal).await["understood"]["era"], json!([]));
    let own =
        json!({ "query": "finance work during Cloud Turn", "filters": { "era": ["Foundations"] } });
    let answer = service.search(own).await;
    assert_eq!(answer["understood"]["era"], json!([]), "the request's own filter counts");
    assert_eq!(ids(&answer), [""; 0]);
    assert_eq!(answer["outside"], 2);
}

#[tokio::test]
async fn languages_numbers_and_signs_are_found_as_they_are_written() {
    let service = service();
    for (query, expected) in [
        ("C++ & .NET", vec!["cpp"]),
        ("c++", vec!["cpp"]),
        ("C#", vec!["csharp"]),
        ("$1.2M", vec!["cpp"]),
        ("1.2m", vec!["cpp"]),
        ("R&D", vec!["and"]),
    ] {
        let (found, _) = service.find(query).await;
        assert_eq!(
            found.first().map(String::as_str),
            expected.first().copied(),
            "{query}: {found:?}"
        );
    }
    let value = "Research & Labs/I/O";
    let answer =
        service.search(json!({ "query": "", "filters": { "sub_category": [value] } })).await;
    assert_eq!(ids(&answer), ["and"]);
}

#[tokio::test]
async fn a_phrase_in_quotes_is_kept_together() {
    let service = Service::with(vec![
        story("together", "Clean nights", "Thirty clean nights in a row."),
        story("apart", "Nights", "The nights were long and the numbers clean."),
    ]);
    assert_eq!(service.find("\"clean nights\"").await.0, ["together"]);
    assert_eq!(service.find("clean nights").await.0.len(), 2);
    // Nothing has it: then its words are better than nothing. A quote without its partner is no quote.
    assert_eq!(service.find("\"nights clean\"").await.0.len(), 2);
    assert_eq!(service.find("\"clean nights").await.0.len(), 2);
}

#[tokio::test]
async fn whatever_is_typed_is_answered_or_refused_but_never_a_failure() {
    let service = service();
    let long = "ledger ".repeat(71);
    for query in [
        "\"",
        "\"\"",
        "'; DROP TABLE stories; --",
        "<script>alert(1)</script>",
        "🎉🎉",
        "مرحبا بالعالم",
        "the of and",
        "((((",
        "field:value AND NOT *",
        "\u{202e}desrever",
        "a\tb\nc",
        "\u{0}",
        "ledger\u{0}kafka",
        "title:\"x\" OR 1=1",
        "~^+-!{}[]",
        long.trim(),
        "\\",
        "%00",
        "null",
        "ﬁnance",
    ] {
        for top_k in [1, 100] {
            let request = json!({ "query": query, "top_k": top_k });
            let (status, body) = service.post(KEYWORD, request.to_string()).await;
            assert!(
                status == StatusCode::OK || status.is_client_error(),
                "{query:?}: {status} {body}"
            );
            if status == StatusCode::OK {
                assert_eq!(body["query"].as_str().unwrap(), query.trim_start(), "{query:?}");
            }
        }
    }
}

//! `GET /api/ask/conversations/{id}/export`.

use axum::http::{StatusCode, header};
use mfe_ask_api::{History, Standing};

use crate::{
    json, problem,
    seed::{get_as, path_of, told},
    state, text,
};

#[tokio::test]
async fn a_page_to_read_and_everything_as_json() {
    let state = state();
    let begun = told(&state, "me", "Why \"Kafka\"?", None).await;
    let id = begun.conversation_id.as_str();
    told(&state, "me", "<script>alert(1)</script>\n# And then?", Some(id)).await;

    let response = get_as(&state, "me", &path_of(id, "/export?format=md")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/markdown; charset=utf-8");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store, private");
    let disposition = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    let name = disposition.strip_prefix("attachment; filename=\"").unwrap();
    assert!(name.ends_with("-why-kafka.md\""), "{name}");
    let page = text(response).await;
    let headings: Vec<_> = page.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(
        headings,
        ["# Why \"Kafka\"?", "## Why \"Kafka\"?", "## \\<script>alert(1)\\</script> # And then?"]
    );
    for part in
        ["About Why \"Kafka\"? [1]", "`/story/a-story` · *removed since*", "   > Why \"Kafka\"?"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }

    let response = get_as(&state, "me", &path_of(id, "/export?format=json")).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    let disposition = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(disposition.ends_with("-why-kafka.json\""), "{disposition}");
    let all: History = json(response).await;
    assert_eq!((all.messages.len(), all.earlier), (2, None));
    assert_eq!(all.conversation.title, "Why \"Kafka\"?");
    let answer = all.messages[0].answer.as_ref().unwrap();
    assert_eq!(answer.sources[0].standing, Standing::Gone);
}

#[tokio::test]
async fn a_format_is_named_and_known() {
    let state = state();
    let begun = told(&state, "me", "Why?", None).await;
    for query in ["", "?format=", "?format=pdf", "?format=MD"] {
        let path = path_of(&begun.conversation_id, &["/export", query].concat());
        let told =
            problem(get_as(&state, "me", &path).await, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(told.errors[0].field, "format", "{query}");
    }
}

//! `POST /api/stories/import`.

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
};
use futures_util::stream;
use mfe_stories_api::{ImportReport, Story};
use mfe_stories_service::demo_stories;
use serde_json::json;

use crate::{Answer, KEY, MAINFRAME, Service};

/// Bytes that the service gathers before it stores them.
const BATCH: usize = 1024 * 1024;

impl Service {
    async fn import(&self, query: &str, body: impl Into<Body>) -> Answer {
        self.send(request(query, body)).await
    }
}

fn request(query: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(format!("/api/stories/import{query}"))
        .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
        .header(header::CONTENT_TYPE, "application/jsonl")
        .body(body.into())
        .unwrap()
}

/// Counts of a report: lines, added, replaced, unchanged, refused.
fn counts(answer: &Answer) -> [u64; 5] {
    let body = answer.body.get("report").unwrap_or(&answer.body);
    let report: ImportReport = serde_json::from_value(body.clone()).unwrap();
    [report.lines, report.added, report.replaced, report.unchanged, report.refused]
}

fn line(id: &str) -> String {
    let story = Story { id: id.to_owned(), ..demo_stories().unwrap().swap_remove(0) };
    serde_json::to_string(&story).unwrap()
}

/// A line of more than `size` bytes.
fn long_line(id: &str, size: usize) -> String {
    let demo = demo_stories().unwrap().swap_remove(0);
    let action = vec!["x".repeat(3_900); size / 3_900 + 1];
    serde_json::to_string(&Story { id: id.to_owned(), action, ..demo }).unwrap()
}

#[tokio::test]
async fn good_lines_are_kept_and_bad_ones_are_reported_with_their_numbers() {
    let service = Service::new();
    let changed = line(MAINFRAME).replace("Nineteen", "Eighteen");
    let unchanged = serde_json::to_string(&demo_stories().unwrap()[1]).unwrap();
    let untitled = line("b").replacen("\"title\":\"Exiting", "\"title\":7,\"was\":\"Exiting", 1);
    let lines = [
        "\u{feff}",
        &line("a"),
        "\n\n{\"id\":\n",
        &untitled,
        "\r\n",
        &changed,
        "\n",
        &unchanged,
        "\n",
        &line("a"),
    ];
    let before = service.get("/api/stories/feed?limit=500").await.body["cursor"].clone();
    let answer = service.import("", lines.concat()).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(counts(&answer), [6, 1, 1, 1, 3]);
    let expected = json!([
        { "line": 3, "field": "", "detail": "not valid JSON: EOF while parsing a value at column 6" },
        { "line": 4, "field": "title", "detail": "invalid type: integer `7`, expected a string" },
        { "line": 7, "field": "id", "detail": "stands on line 1 already" },
    ]);
    assert_eq!(answer.body["errors"], expected);
    // Who follows hears of what changed, and of nothing else.
    let after = before.as_str().unwrap();
    let feed = service.get(&format!("/api/stories/feed?after={after}")).await;
    assert_eq!(feed.each("changes", "id"), ["a", MAINFRAME]);
}

#[tokio::test]
async fn an_atomic_import_keeps_all_or_none() {
    let service = Service::new();
    let wrong = [&line("a"), "\n", &line("B"), "\n", &line("c")].concat();
    let answer = service.import("?atomic=true", wrong).await;
    answer.problem(422, "invalid-lines");
    assert_eq!(counts(&answer), [3, 0, 0, 0, 1]);
    let error = &answer.body["report"]["errors"][0];
    assert_eq!((error["line"].as_u64(), error["field"].as_str()), (Some(2), Some("id")));
    for id in ["a", "c"] {
        service.get(&format!("/api/stories/{id}")).await.problem(404, "unknown-story");
    }
    let good = [line("a"), line("c")].join("\n");
    assert_eq!(counts(&service.import("?atomic=true", good).await), [2, 2, 0, 0, 0]);
    assert_eq!(service.get("/api/stories/c").await.status, StatusCode::OK);
}

#[tokio::test]
async fn all_bad_lines_are_counted_and_a_hundred_reported() {
    let service = Service::new();
    let body = ["{}\n"; 250].concat();
    let answer = service.import("", body).await;
    assert_eq!(counts(&answer), [250, 0, 0, 0, 250]);
    assert_eq!(answer.each("errors", "detail"), ["missing field `id`"; 100]);
    let long = ["{\"id\":\"", &"x".repeat(2 * BATCH), "\"}\n", &line("a")].concat();
    let answer = service.import("", long).await;
    assert_eq!(counts(&answer), [2, 1, 0, 0, 1]);
    assert_eq!(answer.each("errors", "detail"), ["the line is longer than 1048576 bytes"]);
    assert_eq!(counts(&service.import("", "").await), [0; 5]);
}

#[tokio::test]
async fn what_is_no_import_is_refused_before_it_is_read() {
    let service = Service::new();
    service.import("?atomic=maybe", "").await.problem(400, "invalid-input");
    service.import("?colour=violet", "").await.problem(400, "invalid-input");
    for (name, value) in
        [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_ENCODING, "gzip")]
    {
        let mut request = request("", line("a"));
        request.headers_mut().insert(name, value.parse().unwrap());
        service.send(request).await.problem(415, "unsupported-media-type");
    }
    let mut nobody = request("", line("a"));
    nobody.headers_mut().remove(header::AUTHORIZATION);
    service.send(nobody).await.problem(401, "not-an-editor");
    let off = Service::with_key(None);
    off.import("", line("a")).await.problem(403, "editing-is-off");
    service.get("/api/stories/a").await.problem(404, "unknown-story");
}

/// Lines of 100 KB that make three batches, then the sender is gone.
fn broken_stream() -> Body {
    let whole = (0..35).map(|n| Ok(Bytes::from(long_line(&format!("s{n}"), 100_000) + "\n")));
    let broken = Err(std::io::Error::other("the sender is gone"));
    Body::from_stream(stream::iter(whole.chain([broken])))
}

#[tokio::test]
async fn who_breaks_off_keeps_the_batches_that_were_complete() {
    let service = Service::new();
    let answer = service.import("", broken_stream()).await;
    answer.problem(400, "broken-upload");
    let [lines, added, ..] = counts(&answer);
    // A batch is the least that exceeds a MiB: eleven lines.
    assert_eq!((lines, added), (33, 33));
    assert_eq!(service.get("/api/stories/s32").await.status, StatusCode::OK);
    service.get("/api/stories/s33").await.problem(404, "unknown-story");
    assert!(answer.body["detail"].as_str().unwrap().contains("33 stories"), "{answer:?}");

    let service = Service::new();
    let answer = service.import("?atomic=true", broken_stream()).await;
    answer.problem(400, "broken-upload");
    assert_eq!(counts(&answer), [33, 0, 0, 0, 0]);
    assert_eq!(service.get("/api/stories").await.body["total"], 120);
}

#[tokio::test]
async fn readers_are_answered_while_an_import_waits_for_its_sender() {
    let service = Service::new();
    for query in ["", "?atomic=true"] {
        let (sender, pieces) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(1);
        let pieces =
            stream::unfold(pieces, async |mut pieces| Some((pieces.recv().await?, pieces)));
        let import = service.import(query, Body::from_stream(pieces));
        let others = async {
            // More than a batch: it is taken up by the time that the last of them is accepted.
            for n in 0..24 {
                let line = long_line(&format!("s{n}"), 100_000) + "\n";
                sender.send(Ok(Bytes::from(line))).await.unwrap();
            }
            assert_eq!(service.get(&format!("/api/stories/{MAINFRAME}")).await.status, 200);
            let story = service.story("meanwhile").await;
            let put = service.edit(axum::http::Method::PUT, "meanwhile", story.to_string()).await;
            assert!(put.status.is_success());
            drop(sender);
        };
        let (answer, ()) = tokio::join!(import, others);
        assert_eq!(counts(&answer)[0], 24, "{answer:?}");
    }
}

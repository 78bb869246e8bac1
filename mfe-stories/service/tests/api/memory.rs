//! The real program's memory while a long import streams through it.

use axum::body::Bytes;
use futures_util::stream;
use mfe_stories_api::{ImportReport, Story};
use mfe_stories_service::demo_stories;

use crate::{KEY, process::Process};

/// Of the whole body; ten times what the process may take for it.
const BODY: usize = 64 * 1024 * 1024;
const MAY_GROW: usize = 24 * 1024 * 1024;

/// The most memory that a process ever had, in bytes.
fn peak(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn an_import_takes_a_fraction_of_its_size() {
    let dir = tempfile::tempdir().unwrap();
    let service = Process::start(dir.path());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let demo = demo_stories().unwrap().swap_remove(0);
    let action = vec!["x".repeat(3_900); 60];
    let long = serde_json::to_string(&Story { id: "N".to_owned(), action, ..demo }).unwrap() + "\n";
    for query in ["", "?atomic=true"] {
        let before = peak(service.pid());
        let (text, lines) = (long.clone(), BODY / long.len());
        let body = stream::iter((0..lines).map(move |n| {
            let id = format!("\"id\":\"long-{n}\"");
            Ok::<_, std::io::Error>(Bytes::from(text.replacen("\"id\":\"N\"", &id, 1)))
        }));
        let answer = client
            .post(format!("{}/import{query}", service.base))
            .bearer_auth(KEY)
            .header("content-type", "application/x-ndjson")
            .body(reqwest::Body::wrap_stream(body))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let report: ImportReport = answer.json().await.unwrap();
        assert_eq!(report.added + report.unchanged, lines as u64, "{report:?}");
        let grown = peak(service.pid()) - before;
        assert!(grown < MAY_GROW, "{grown} bytes more for {BODY}, {query}");
    }
}

//! Open pages hear of a new revision.

use futures_util::StreamExt;
use tokio::task::JoinSet;

use crate::{Site, soon};

/// Reads an event stream until it tells of `revision`.
async fn hears(url: String, revision: u64) {
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut heard = String::new();
    let mut pieces = answer.bytes_stream();
    while !heard.contains(&format!("id: {revision}\n")) {
        heard.push_str(std::str::from_utf8(&pieces.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(heard.contains("event: revision"), "{heard}");
    assert!(heard.contains(&format!("\"revision\":{revision}")), "{heard}");
}

#[tokio::test]
async fn two_hundred_pages_hear_the_current_revision_and_the_next() {
    let site = Site::released().await;
    site.publish("0.2.0").await;
    let url = site.listen().await + "/manifest/events";
    soon(hears(url.clone(), 1)).await;
    let mut pages: JoinSet<()> = (0..200).map(|_| hears(url.clone(), 2)).collect();
    site.release("0.2.0").await;
    site.state.refresh().await;
    while let Some(page) = soon(pages.join_next()).await {
        page.unwrap();
    }
}

use std::{sync::Arc, time::Duration};

use axum::{Json, Router, extract::Query, routing::get};
use contract::FeedPage;
use mfe_search_api::{Mode, SearchRequest};
use mfe_search_service::{Index, Published, Story, search};
use serde::Deserialize;
use service_kit::{Readiness, follow};
use tokio::sync::Notify;

use crate::{page, stories, story};

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

/// Tells the four stories, then, once `told` is notified, one more; then nothing for ever.
async fn feed(after: Option<String>, told: Arc<Notify>) -> Json<FeedPage<Story>> {
    match after.as_deref() {
        None => Json(page(stories(), "first")),
        Some("first") => {
            told.notified().await;
            Json(page(vec![story("fresh", "Fresh", "Xylophones.")], "second"))
        }
        Some(_) => std::future::pending().await,
    }
}

fn finds(published: &Published, query: &str) -> bool {
    let request = SearchRequest { query: query.to_owned(), ..SearchRequest::default() };
    search(&published.latest(), None, Mode::Keyword, &request).unwrap().total > 0
}

async fn until(what: impl Fn() -> bool) {
    let poll = async {
        while !what() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), poll).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_is_followed_from_the_beginning_and_on() {
    let told = Arc::new(Notify::new());
    let telling = Arc::clone(&told);
    let handler = async move |Query(After { after })| feed(after, telling.clone()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/feed", listener.local_addr().unwrap());
    let server = tokio::spawn(async {
        axum::serve(listener, Router::new().route("/feed", get(handler))).await
    });

    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let (published, readiness) = (index.published(), Readiness::waiting("filling"));
    let following = tokio::spawn(follow(url, index, readiness.clone()));
    until(|| readiness.waiting_for().is_none()).await;
    assert!(finds(&published, "ledger") && !finds(&published, "xylophone"));
    told.notify_one();
    until(|| finds(&published, "xylophone")).await;
    following.abort();
    server.abort();
}

//! A new configuration counts for requests that begin after it; those under way end as they began.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use api_gateway::{Config, Timeouts, follow};
use axum::{
    Router,
    body::{Body, Bytes},
    routing::get,
};
use futures_util::{StreamExt, stream};
use tokio::sync::Notify;

use crate::{Site, config, serve, soon};

/// An upstream that answers with its name: at once, and in two pieces of which the second waits.
async fn upstream(name: &'static str, go_on: Arc<Notify>) -> String {
    let slow = async move || {
        let rest = stream::once(async move {
            go_on.notified().await;
            Ok::<_, Infallible>(Bytes::from_static(b" to the end"))
        });
        let first = stream::iter([Ok(Bytes::from_static(name.as_bytes()))]);
        Body::from_stream(first.chain(rest))
    };
    let at_once = async move || name;
    let routes =
        Router::new().route("/api/alpha/slow", get(slow)).route("/api/alpha/name", get(at_once));
    serve(routes).await
}

impl Site {
    fn with_upstream(&self, address: &str) -> Config {
        config(self.dir.path(), &format!("alpha={address}"))
    }
}

#[tokio::test]
async fn requests_under_way_end_where_they_began() {
    let go_on = Arc::new(Notify::new());
    let old = upstream("old", go_on.clone()).await;
    let new = upstream("new", Arc::default()).await;
    let site = Site::new(&format!("alpha={old}")).await;
    let url = site.listen().await;
    let client = reqwest::Client::new();
    let slow = soon(client.get(format!("{url}/api/alpha/slow")).send()).await.unwrap();
    let mut pieces = slow.bytes_stream();
    assert_eq!(soon(pieces.next()).await.unwrap().unwrap(), "old");

    let changes = site.state.reconfigure(site.with_upstream(&new)).unwrap();
    assert_eq!((changes.live, changes.at_restart), (vec!["upstreams.*"], vec![]));
    // The same connection of the client, and no time in between.
    let answer = soon(client.get(format!("{url}/api/alpha/name")).send()).await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "new");

    go_on.notify_one();
    assert_eq!(soon(pieces.next()).await.unwrap().unwrap(), " to the end");
    assert!(soon(pieces.next()).await.is_none());
}

#[tokio::test]
async fn what_can_change_does() {
    let site = Site::released().await;
    let html = [("accept", "text/html")];
    assert_eq!(site.get("/api/alpha/x", &[]).await.status, 404);
    let config = site.with_upstream("http://127.0.0.1:1");
    let config = Config {
        override_origins: vec!["http://localhost:*".to_owned()],
        timeouts: Timeouts { connect: Duration::from_millis(100), ..Timeouts::default() },
        listen: "127.0.0.1:9".parse().unwrap(),
        ..config
    };
    let changes = site.state.reconfigure(config.clone()).unwrap();
    assert_eq!(changes.live, ["upstreams.*", "timeouts.connect_ms", "overrides.origins"]);
    assert_eq!(changes.at_restart, ["server.listen"]);
    assert_eq!(site.get("/api/alpha/x", &[]).await.status, 502);
    let page = site.get("/", &html).await;
    assert!(page.header("content-security-policy").contains("http://localhost:*"));
    assert_eq!(page.told()["override_origins"][0], "http://localhost:*");
    // What waits for a restart is said again each time.
    assert_eq!(site.state.reconfigure(config).unwrap().at_restart, ["server.listen"]);
}

/// An upstream that counts how often it was asked whether it is well.
async fn asked() -> (String, Arc<AtomicUsize>) {
    let times = Arc::new(AtomicUsize::new(0));
    let count = times.clone();
    let ready = get(async move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    (serve(Router::new().route("/readyz", ready)).await, times)
}

async fn once(times: &AtomicUsize) {
    while times.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_upstreams_in_force_are_checked_and_no_others() {
    let ((old, old_times), (new, new_times)) = (asked().await, asked().await);
    // At first there is none to check.
    let site = Site::new("").await;
    let following = tokio::spawn(follow(site.state.clone()));
    site.state.reconfigure(site.with_upstream(&old)).unwrap();
    soon(once(&old_times)).await;
    site.state.reconfigure(site.with_upstream(&new)).unwrap();
    soon(once(&new_times)).await;
    let before = old_times.load(Ordering::SeqCst);
    // Each instance is asked once a second.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(old_times.load(Ordering::SeqCst), before);
    assert!(new_times.load(Ordering::SeqCst) > 1);
    following.abort();
}

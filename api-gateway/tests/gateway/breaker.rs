//! A service that does not answer is left alone, and one that has too much to do is not given more.

use std::{sync::atomic::Ordering, time::Duration};

use api_gateway::upstream::{Domain, breaker};
use axum::{Router, body::Body, http::Method, routing::any};
use tokio::net::TcpListener;

use crate::{
    Site,
    instances::{Fake, alpha, dead, site},
    request, serve, soon,
};

fn eager(open: Duration) -> breaker::Policy {
    breaker::Policy { failures: 3, probes: 2, open, ..breaker::Policy::default() }
}

async fn post(site: &Site) -> crate::Answer {
    site.send(request(Method::POST, "/api/alpha/x", &[], Body::empty())).await
}

#[tokio::test]
async fn a_breaker_opens_tells_when_to_come_again_and_closes() {
    let url = dead().await;
    let site = site(Domain { breaker: eager(Duration::from_millis(1500)), ..alpha(&[&url]) }).await;
    for _ in 0..3 {
        assert_eq!(post(&site).await.problem(), (502, "upstream-down".to_owned()));
    }
    let answer = post(&site).await;
    assert_eq!(answer.problem(), (503, "breaker-open".to_owned()));
    assert_eq!(answer.header("retry-after"), "2", "not before it lets one through");
    let fake = Fake::answering(200);
    let address = url.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind(address).await.unwrap();
    let asked = fake.asked.clone();
    let count = any(async move || {
        asked.fetch_add(1, Ordering::SeqCst);
    });
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(count)).await });
    assert_eq!((post(&site).await.status.as_u16(), fake.count()), (503, 0), "still left alone");
    let closed = async {
        while post(&site).await.status != 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon(closed).await;
    for _ in 0..20 {
        assert_eq!(post(&site).await.status, 200);
    }
}

#[tokio::test]
async fn other_domains_go_on() {
    let well = Fake::answering(200);
    let (dead, well) = (dead().await, well.serve().await);
    let site = Site::new(&format!("gone={dead},beta={well}")).await;
    let post = || site.send(request(Method::POST, "/api/gone/x", &[], Body::empty()));
    for _ in 0..30 {
        assert!(post().await.status.is_server_error());
        assert_eq!(site.get("/api/beta/x", &[]).await.status, 200);
    }
    assert_eq!(post().await.problem(), (503, "breaker-open".to_owned()));
    let followed = tokio::spawn(api_gateway::follow(site.state.clone()));
    let shown = async {
        let state = "upstream_breaker_state{domain=\"gone\",pool=\"main\"} 2\n";
        while !site.get("/metrics", &[]).await.text().contains(state) {
            tokio::task::yield_now().await;
        }
    };
    soon(shown).await;
    followed.abort();
}

#[tokio::test]
async fn who_comes_when_all_are_busy_is_refused_at_once() {
    let (began, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let (go, wait) = tokio::sync::watch::channel(false);
    let slow = any(async move || {
        began.send(()).unwrap();
        wait.clone().wait_for(|go| *go).await.unwrap();
        "done"
    });
    let url = serve(Router::new().fallback(slow)).await;
    let site = site(Domain { max_pending: 2, ..alpha(&[&url]) }).await;
    let gateway = site.listen().await;
    // Two of the same would be one.
    let path = |n| format!("{gateway}/api/alpha/{n}");
    let first: Vec<_> = (0..2).map(|n| tokio::spawn(reqwest::get(path(n)))).collect();
    soon(begun.recv()).await.unwrap();
    soon(begun.recv()).await.unwrap();
    let answer = soon(post(&site)).await;
    assert_eq!(answer.problem(), (503, "overloaded".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
    go.send(true).unwrap();
    for caller in first {
        assert_eq!(soon(caller).await.unwrap().unwrap().status(), 200);
    }
    assert_eq!(soon(post(&site)).await.status, 200);
}

#[tokio::test]
async fn streams_that_have_begun_leave_room() {
    let endless = any(async || {
        let piece =
            Ok::<_, std::convert::Infallible>(axum::body::Bytes::from_static(b"data: x\n\n"));
        let stream = futures_util::stream::iter([piece]);
        Body::from_stream(futures_util::StreamExt::chain(stream, futures_util::stream::pending()))
    });
    let url = serve(Router::new().fallback(endless)).await;
    let site = site(Domain { max_pending: 1, ..alpha(&[&url]) }).await;
    let gateway = site.listen().await + "/api/alpha/events";
    let mut open = Vec::new();
    for _ in 0..20 {
        let answer = soon(reqwest::get(&gateway)).await.unwrap();
        assert_eq!(answer.status(), 200);
        open.push(answer);
    }
}

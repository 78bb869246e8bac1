//! Several instances of a service: requests are spread, and go around those that fail.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use api_gateway::upstream::{Deadline, Domain, Instance, Pool, health, outlier, retry};
use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode},
    routing::any,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{Site, breaking_off, request, serve, soon};

/// A domain `alpha` of one pool.
pub(crate) fn alpha(instances: &[&str]) -> Domain {
    let instances = instances.iter().map(|url| Instance::try_from((*url).to_owned()).unwrap());
    let pool = Pool { instances: instances.collect(), ..Pool::default() };
    let health =
        health::Policy { interval: Duration::from_millis(10), ..health::Policy::default() };
    Domain { pools: BTreeMap::from([("main".to_owned(), pool)]), health, ..Domain::default() }
}

pub(crate) async fn site(alpha: Domain) -> Site {
    let domains = BTreeMap::from([("alpha".to_owned(), alpha)]);
    Site::configured("", |config| api_gateway::Config {
        upstreams: domains.try_into().unwrap(),
        ..config
    })
    .await
}

/// An instance that counts the requests for its API, and can be told what to answer.
#[derive(Clone, Default)]
pub(crate) struct Fake {
    pub(crate) asked: Arc<AtomicUsize>,
    pub(crate) status: Arc<AtomicUsize>,
    pub(crate) unready: Arc<AtomicBool>,
}

impl Fake {
    pub(crate) fn answering(status: usize) -> Self {
        let fake = Self::default();
        fake.status.store(status, Ordering::SeqCst);
        fake
    }

    pub(crate) async fn serve(&self) -> String {
        let (asked, status, unready) =
            (self.asked.clone(), self.status.clone(), self.unready.clone());
        let api = any(async move || {
            asked.fetch_add(1, Ordering::SeqCst);
            StatusCode::from_u16(status.load(Ordering::SeqCst) as u16).unwrap()
        });
        let ready = any(async move || match unready.load(Ordering::SeqCst) {
            true => StatusCode::SERVICE_UNAVAILABLE,
            false => StatusCode::OK,
        });
        serve(Router::new().route("/readyz", ready).fallback(api)).await
    }

    pub(crate) fn count(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// Where nobody listens.
pub(crate) async fn dead() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Accepts, reads what comes and hangs up, for the first `times`; then answers `200 OK`.
async fn hangs_up(times: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let accepted = Arc::new(AtomicUsize::new(0));
    let count = accepted.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut read = [0; 4096];
            assert!(stream.read(&mut read).await.unwrap() > 0);
            if count.fetch_add(1, Ordering::SeqCst) >= times {
                let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
                stream.write_all(answer).await.ok();
            }
        }
    });
    (url, accepted)
}

async fn statuses(site: &Site, method: Method, times: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..times {
        let asked = request(method.clone(), "/api/alpha/x", &[], Body::empty());
        statuses.push(site.send(asked).await.status.as_u16());
    }
    statuses
}

#[tokio::test]
async fn every_instance_has_its_share() {
    let (one, other) = (Fake::answering(200), Fake::answering(200));
    let site = site(alpha(&[&one.serve().await, &other.serve().await])).await;
    assert!(statuses(&site, Method::POST, 100).await.iter().all(|status| *status == 200));
    assert_eq!(one.count() + other.count(), 100);
    assert!(one.count().min(other.count()) > 20, "{} {}", one.count(), other.count());
}

#[tokio::test]
async fn a_dead_instance_is_gone_around_by_all_requests_with_their_bodies() {
    for method in [Method::POST, Method::PATCH, Method::GET] {
        let alive = Fake::answering(200);
        let site = site(alpha(&[&dead().await, &alive.serve().await])).await;
        assert_eq!(statuses(&site, method, 100).await, [200; 100]);
        assert_eq!(alive.count(), 100);
    }
    let echo = serve(Router::new().fallback(any(async |body: String| body))).await;
    let site = site(alpha(&[&dead().await, &echo])).await;
    for _ in 0..20 {
        // In pieces, so that no length is known.
        let pieces = ["all ", "of it"].map(Ok::<_, std::io::Error>);
        let body = Body::from_stream(futures_util::stream::iter(pieces));
        let answer = site.send(request(Method::POST, "/api/alpha/x", &[], body)).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, "all of it"));
    }
    // Where all are dead, it is told.
    let site = self::site(alpha(&[&dead().await, &dead().await])).await;
    assert_eq!(statuses(&site, Method::POST, 1).await, [502]);
}

#[tokio::test]
async fn an_answer_of_a_gateways_failure_is_asked_of_another_instance() {
    let (ill, well) = (Fake::answering(503), Fake::answering(200));
    let site = site(alpha(&[&ill.serve().await, &well.serve().await])).await;
    assert!(statuses(&site, Method::GET, 50).await.iter().all(|status| *status == 200));
    assert_eq!((ill.count(), well.count()), (5, 50), "five in a row, then it is ejected");
    // Alone, its answer is the answer, and it is asked once.
    let ill = Fake::answering(503);
    let site = self::site(alpha(&[&ill.serve().await])).await;
    assert_eq!(statuses(&site, Method::GET, 20).await, [503; 20]);
    assert_eq!(ill.count(), 20);
}

#[tokio::test]
async fn an_instance_that_answers_500_is_ejected_and_a_bug_of_all_is_the_answer() {
    let (ill, well) = (Fake::answering(500), Fake::answering(200));
    let site = site(alpha(&[&ill.serve().await, &well.serve().await])).await;
    let answers = statuses(&site, Method::GET, 100).await;
    assert_eq!(answers.iter().filter(|status| **status == 500).count(), 5, "{answers:?}");
    assert_eq!(ill.count(), 5);
    let buggy = Fake::answering(500);
    let site = self::site(alpha(&[&buggy.serve().await])).await;
    assert_eq!(statuses(&site, Method::GET, 50).await, [500; 50], "answers open no breaker");
}

#[tokio::test]
async fn an_ejected_instance_comes_back() {
    let (ill, well) = (Fake::answering(500), Fake::answering(200));
    let outliers =
        outlier::Policy { ejection: Duration::from_millis(50), ..outlier::Policy::default() };
    let domain = alpha(&[&ill.serve().await, &well.serve().await]);
    let site = site(Domain { outliers, ..domain }).await;
    statuses(&site, Method::GET, 50).await;
    ill.status.store(200, Ordering::SeqCst);
    let before = ill.count();
    let back = async {
        while ill.count() == before {
            assert_eq!(statuses(&site, Method::GET, 1).await, [200]);
        }
    };
    soon(back).await;
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer_is_tried_again_if_it_may_be() {
    let (url, accepted) = hangs_up(1).await;
    let site = site(alpha(&[&url])).await;
    assert_eq!(statuses(&site, Method::GET, 1).await, [200]);
    assert_eq!(accepted.load(Ordering::SeqCst), 2);
    let (url, accepted) = hangs_up(1).await;
    let site = self::site(alpha(&[&url])).await;
    let post = request(Method::POST, "/api/alpha/x", &[], Body::from("once"));
    assert_eq!(site.send(post).await.problem(), (502, "upstream-reset".to_owned()));
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn tries_over_have_an_end_and_a_budget() {
    let (url, accepted) = hangs_up(1000).await;
    let retries = retry::Policy { attempts: 2, percent: 0, min_per_second: 1 };
    let breaker = api_gateway::upstream::breaker::Policy { failures: 1000, ..Default::default() };
    let site = site(Domain { retries, breaker, ..alpha(&[&url]) }).await;
    assert_eq!(statuses(&site, Method::GET, 3).await, [502; 3]);
    assert_eq!(accepted.load(Ordering::SeqCst), 6, "each twice");
    assert_eq!(statuses(&site, Method::GET, 20).await, [502; 20]);
    assert_eq!(accepted.load(Ordering::SeqCst), 33, "ten tries over in ten seconds");
}

#[tokio::test]
async fn a_path_may_have_a_deadline_of_its_own() {
    let silent = serve(Router::new().fallback(any(std::future::pending::<()>))).await;
    let deadline = Deadline { path: "/slow".to_owned(), head: Duration::from_millis(50) };
    let site = site(Domain { deadlines: vec![deadline], ..alpha(&[&silent]) }).await;
    let answer = soon(site.get("/api/alpha/slow/x", &[])).await;
    assert_eq!(answer.problem(), (504, "upstream-timeout".to_owned()));
}

#[tokio::test]
async fn who_goes_away_during_a_try_over_ends_it_too() {
    let (began, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let (ended, mut end) = tokio::sync::mpsc::unbounded_channel();
    struct Guard(tokio::sync::mpsc::UnboundedSender<()>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.send(()).ok();
        }
    }
    let silent = any(async move || {
        let _held = Guard(ended.clone());
        began.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    let silent = serve(Router::new().fallback(silent)).await;
    let site = site(alpha(&[&dead().await, &silent])).await;
    let url = site.listen().await + "/api/alpha/x";
    // One in two begins at the dead one.
    for _ in 0..10 {
        let caller = tokio::spawn(reqwest::get(url.clone()));
        soon(begun.recv()).await.unwrap();
        caller.abort();
        soon(end.recv()).await.unwrap();
    }
}

#[tokio::test]
async fn an_instance_that_says_it_is_not_ready_gets_nothing_and_nobody_notices() {
    let (one, other) = (Fake::answering(200), Fake::answering(200));
    let site = site(alpha(&[&one.serve().await, &other.serve().await])).await;
    let followed = tokio::spawn(api_gateway::follow(site.state.clone()));
    for (leaves, stays) in [(&one, &other), (&other, &one)] {
        leaves.unready.store(true, Ordering::SeqCst);
        let alone = async {
            loop {
                let before = leaves.count();
                assert_eq!(statuses(&site, Method::POST, 20).await, [200; 20]);
                if leaves.count() == before {
                    return;
                }
            }
        };
        soon(alone).await;
        leaves.unready.store(false, Ordering::SeqCst);
        let both = async {
            let before = leaves.count();
            while leaves.count() == before {
                assert_eq!(statuses(&site, Method::POST, 1).await, [200]);
            }
        };
        soon(both).await;
        assert!(stays.count() > 0);
    }
    // All unready: they answer, so they are asked.
    one.unready.store(true, Ordering::SeqCst);
    other.unready.store(true, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(statuses(&site, Method::POST, 20).await, [200; 20]);
    followed.abort();
}

#[tokio::test]
async fn where_nobody_answers_checks_nobody_is_asked_until_somebody_does() {
    let url = dead().await;
    let site = site(alpha(&[&url])).await;
    let followed = tokio::spawn(api_gateway::follow(site.state.clone()));
    let refused = async {
        loop {
            let answer = site.get("/api/alpha/x", &[]).await;
            match answer.problem() {
                (503, code) if code == "no-healthy-instance" => return answer,
                (502 | 503, _) => tokio::task::yield_now().await,
                other => panic!("{other:?}"),
            }
        }
    };
    assert_eq!(soon(refused).await.header("retry-after"), "1");
    let listener = TcpListener::bind(url.trim_start_matches("http://")).await.unwrap();
    let well = Router::new().fallback(any(async || "well"));
    tokio::spawn(async move { axum::serve(listener, well).await });
    let back = async {
        while site.get("/api/alpha/x", &[]).await.status != 200 {
            tokio::task::yield_now().await;
        }
    };
    soon(back).await;
    followed.abort();
}

#[tokio::test]
async fn operators_see_how_upstreams_are() {
    let (ill, well) = (Fake::answering(500), Fake::answering(200));
    let (ill_url, well_url) = (ill.serve().await, well.serve().await);
    let site = site(alpha(&[&ill_url, &well_url])).await;
    statuses(&site, Method::GET, 50).await;
    let followed = tokio::spawn(api_gateway::follow(site.state.clone()));
    let labels = |url: &str| {
        let instance = url.trim_start_matches("http://");
        format!("domain=\"alpha\",pool=\"main\",address=\"{instance}\"")
    };
    let shown = async {
        loop {
            let text = site.get("/metrics", &[]).await.text().to_owned();
            // Other tests of this process are there too.
            if text.contains(&format!("upstream_ejected{{{}", labels(&well_url))) {
                return text;
            }
            tokio::task::yield_now().await;
        }
    };
    let text = soon(shown).await;
    let value = |metric: &str, url: &str, more: &str| {
        let labels = format!("{{{}{more}}} ", labels(url));
        let line = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(&labels));
        line.unwrap_or_else(|| panic!("no {metric}{labels}in {text}")).to_owned()
    };
    assert_eq!(value("upstream_requests_total", &ill_url, ""), "5");
    assert_eq!(value("upstream_requests_total", &well_url, ""), "45");
    assert_eq!(value("upstream_failures_total", &ill_url, ",reason=\"status\""), "5");
    assert_eq!(value("upstream_ejections_total", &ill_url, ""), "1");
    assert_eq!(value("upstream_ejected", &ill_url, ""), "1");
    assert_eq!(value("upstream_healthy", &well_url, ""), "1");
    assert_eq!(value("upstream_in_flight", &well_url, ""), "0");
    followed.abort();
}

#[tokio::test]
async fn an_answer_that_broke_off_counts_against_its_instance() {
    let ill = breaking_off(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf").await;
    let well = Fake::answering(200);
    let site = site(alpha(&[&ill, &well.serve().await])).await;
    let url = site.listen().await + "/api/alpha/x";
    // One client: making fifty takes longer than an ejection lasts.
    let (client, mut broken) = (reqwest::Client::new(), 0);
    for _ in 0..50 {
        broken += usize::from(client.get(&url).send().await.unwrap().bytes().await.is_err());
    }
    assert_eq!(broken, 5, "then it is ejected");
}

#[tokio::test]
async fn a_failure_whose_body_breaks_off_counts_once() {
    let ill =
        breaking_off(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 8\r\n\r\nhalf").await;
    let well = Fake::answering(200);
    let site = site(alpha(&[&ill, &well.serve().await])).await;
    let url = site.listen().await + "/api/alpha/x";
    let (client, mut failed) = (reqwest::Client::new(), 0);
    for _ in 0..50 {
        let answer = client.get(&url).send().await.unwrap();
        failed += usize::from(answer.status() == 500);
        assert_eq!(answer.status() == 500, answer.bytes().await.is_err());
    }
    assert_eq!(failed, 5, "then it is ejected, and not before");
}

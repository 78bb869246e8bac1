//! Traffic moves between the pools of a domain, and nobody notices.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use api_gateway::AppState;
use axum::{body::Body, http::Method};
use registry::{SwitchRequest, Verb};
use serde_json::json;

use crate::{
    Answer, Site, config,
    instances::{Fake, dead},
    request, serve, soon,
};

/// A domain `alpha` of a pool `blue` and a pool `green`.
struct BlueGreen {
    site: Site,
    upstreams: String,
    blue: Fake,
    green: Fake,
}

impl BlueGreen {
    async fn new(claims: &str) -> Self {
        let (blue, green) = (Fake::answering(200), Fake::answering(200));
        let urls = (blue.serve().await, green.serve().await);
        let upstreams = format!("alpha.blue={},alpha.green={}{claims}", urls.0, urls.1);
        Self { site: Site::new(&upstreams).await, upstreams, blue, green }
    }

    async fn switch(&self, pool: &str, weight: u8) -> Answer {
        switch(&self.site, &self.site.bearer, &[], pool, weight).await
    }

    /// Sends `times` requests of new sessions; returns how many went to blue and to green.
    async fn ask(&self, times: usize, headers: &[(&str, &str)]) -> (usize, usize) {
        let before = (self.blue.count(), self.green.count());
        for _ in 0..times {
            assert_eq!(self.site.get("/api/alpha/x", headers).await.status, 200);
        }
        (self.blue.count() - before.0, self.green.count() - before.1)
    }
}

async fn switch(
    site: &Site,
    bearer: &str,
    headers: &[(&str, &str)],
    pool: &str,
    weight: u8,
) -> Answer {
    let body = json!({ "domain": "alpha", "pool": pool, "weight": weight, "reason": "a test" });
    let own = [("content-type", "application/json"), ("authorization", bearer)];
    let headers = [&own, headers].concat();
    let body = Body::from(body.to_string());
    site.send(request(Method::POST, "/registry/v1/pools", &headers, body)).await
}

#[tokio::test]
async fn another_configuration_divides_traffic_as_was_decided() {
    let pools = BlueGreen::new("").await;
    assert_eq!(pools.switch("green", 100).await.status, 201);
    let more = format!("{},beta=http://127.0.0.1:1", pools.upstreams);
    pools.site.state.reconfigure(config(pools.site.dir.path(), &more)).unwrap();
    assert_eq!(pools.ask(20, &[]).await, (0, 20));
}

#[tokio::test]
async fn the_primary_pool_has_everything_until_somebody_switches() {
    let pools = BlueGreen::new("").await;
    assert_eq!(pools.ask(50, &[]).await, (50, 0));
    let answer = pools.switch("green", 20).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("etag")),
        (201, "\"1\""),
        "{}",
        answer.text()
    );
    let who = answer.json()["who"].as_str().unwrap().to_owned();
    assert!(who.starts_with("tester (key "), "{who}");
    let (blue, green) = pools.ask(500, &[]).await;
    assert!((60..140).contains(&green), "{blue} {green}");
    pools.switch("green", 100).await;
    assert_eq!(pools.ask(50, &[]).await, (0, 50));
    pools.switch("blue", 100).await;
    assert_eq!(pools.ask(50, &[]).await, (50, 0));
}

#[tokio::test]
async fn a_session_stays_with_its_pool() {
    let pools = BlueGreen::new("").await;
    pools.switch("green", 50).await;
    for _ in 0..20 {
        let cookies = pools.site.visitor().await;
        let (blue, green) = pools.ask(5, &[("cookie", &cookies)]).await;
        assert!((blue, green) == (5, 0) || (blue, green) == (0, 5), "{blue} {green}");
    }
}

#[tokio::test]
async fn a_bundle_reaches_the_pool_that_claims_its_version() {
    let pools = BlueGreen::new("|alpha@^2|beta@>=1.5").await;
    let ask = async |remote: &str| pools.ask(20, &[("x-asterism-remote", remote)]).await;
    for remote in ["alpha@2.0.0", "alpha@2.7.1", "beta@1.5.0"] {
        assert_eq!(ask(remote).await, (0, 20), "{remote}");
    }
    for remote in ["alpha@1.9.0", "alpha@3.0.0", "beta@1.4.0", "gamma@2.0.0", "alpha", "alpha@x"] {
        assert_eq!(ask(remote).await, (20, 0), "{remote}");
    }
    pools.switch("green", 100).await;
    assert_eq!(ask("alpha@1.9.0").await, (0, 20), "without a claim the shares decide");
}

#[tokio::test]
async fn the_list_says_how_the_pools_are() {
    let pools = BlueGreen::new("|alpha@^2").await;
    pools.switch("green", 10).await;
    let answer = pools.site.get("/registry/v1/pools", &[]).await;
    assert_eq!(answer.header("etag"), "\"1\"");
    let pool = |pool: &str, weight: u8| json!({ "domain": "alpha", "pool": pool, "weight": weight, "instances": 1, "ready": 1 });
    let mut green = pool("green", 10);
    green["claims"] = json!(["alpha@^2"]);
    assert_eq!(answer.json(), json!({ "revision": 1, "pools": [pool("blue", 90), green] }));
}

#[tokio::test]
async fn who_may_not_was_late_or_means_another_pool_is_told() {
    let pools = BlueGreen::new("").await;
    let site = &pools.site;
    let release = site.issue(&["alpha"], &[Verb::Release]).await;
    let other = site.issue(&["beta"], &[Verb::Switch]).await;
    let own = site.issue(&["alpha"], &[Verb::Switch]).await;
    assert_eq!(switch(site, "", &[], "green", 10).await.problem().0, 401);
    assert_eq!(switch(site, &release, &[], "green", 10).await.problem().1, "out-of-scope");
    assert_eq!(switch(site, &other, &[], "green", 10).await.problem().1, "out-of-scope");
    let unknown = switch(site, &own, &[], "red", 10).await;
    assert_eq!(unknown.problem(), (422, "invalid-input".to_owned()));
    assert!(unknown.text().contains("but blue, green"), "{}", unknown.text());
    assert_eq!(switch(site, &own, &[], "green", 101).await.problem().0, 422);
    assert_eq!(switch(site, &own, &[("if-match", "\"0\"")], "green", 10).await.status, 201);
    let late = switch(site, &own, &[("if-match", "\"0\"")], "green", 20).await;
    assert_eq!(late.problem(), (412, "revision-conflict".to_owned()));
    assert_eq!(pools.site.registry().pools_revision().await.unwrap(), 1);
}

#[tokio::test]
async fn a_pool_that_is_down_leaves_its_share_to_the_other() {
    let alive = Fake::answering(200);
    let upstreams = format!("alpha.blue={},alpha.green={}", alive.serve().await, dead().await);
    let site = Site::new(&upstreams).await;
    assert_eq!(switch(&site, &site.bearer, &[], "green", 50).await.status, 201);
    let mut failed = 0;
    for _ in 0..200 {
        failed += usize::from(site.get("/api/alpha/x", &[]).await.status != 200);
    }
    assert!((1..=10).contains(&failed), "until its breaker opened: {failed}");
}

/// Asks two gateways without pause until it is told to stop.
struct Load {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    workers: Vec<tokio::task::JoinHandle<Vec<String>>>,
}

impl Load {
    fn start(gateways: &[String]) -> Self {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let client = reqwest::Client::new();
        let workers = (0..6).map(|n| {
            let url = gateways[n % gateways.len()].clone() + "/api/alpha/x";
            let (stop, done, client) = (stop.clone(), done.clone(), client.clone());
            tokio::spawn(async move {
                let mut failed = Vec::new();
                while !stop.load(Ordering::SeqCst) {
                    let request =
                        if n % 2 == 0 { client.get(&url) } else { client.post(&url).body("x") };
                    match request.send().await {
                        Ok(answer) if answer.status() == 200 => {}
                        other => failed.push(format!("{other:?}")),
                    }
                    done.fetch_add(1, Ordering::SeqCst);
                }
                failed
            })
        });
        let workers = workers.collect();
        Self { stop, done, workers }
    }

    /// Returns how many requests were made, and those that failed.
    async fn end(self) -> (usize, Vec<String>) {
        self.stop.store(true, Ordering::SeqCst);
        let mut failed = Vec::new();
        for worker in self.workers {
            failed.extend(worker.await.unwrap());
        }
        (self.done.load(Ordering::SeqCst), failed)
    }
}

/// Waits until an instance gets nothing any more; returns how long that took.
async fn quiet(fake: &Fake) -> Duration {
    let begun = Instant::now();
    let quiet = async {
        loop {
            let before = fake.count();
            tokio::time::sleep(Duration::from_millis(50)).await;
            if fake.count() == before {
                return begun.elapsed();
            }
        }
    };
    soon(quiet).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switching_under_load_drops_nothing_at_any_gateway() {
    let pools = BlueGreen::new("").await;
    let other = AppState::new(config(pools.site.dir.path(), &pools.upstreams)).unwrap();
    let gateways = [pools.site.listen().await, serve(api_gateway::router(other.clone())).await];
    let followed =
        [&pools.site.state, &other].map(|state| tokio::spawn(api_gateway::follow(state.clone())));
    let load = Load::start(&gateways);
    for (pool, weight) in [("green", 10), ("green", 50), ("green", 100)] {
        assert_eq!(pools.switch(pool, weight).await.status, 201);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(quiet(&pools.blue).await < Duration::from_secs(1), "every gateway follows in a second");
    // Not only through this gateway: an operator's tool on the registry itself.
    let (domain, pool) = ("alpha".to_owned(), "blue".to_owned());
    let back = SwitchRequest { domain, pool, weight: 100, ..SwitchRequest::default() };
    pools.site.registry().switch(&back, None).await.unwrap();
    assert!(quiet(&pools.green).await < Duration::from_secs(1));
    let before = pools.blue.count();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(pools.blue.count() > before, "the load went on");
    let (done, failed) = load.end().await;
    assert!(failed.is_empty() && done > 100, "{done}, failed: {failed:?}");
    assert!(pools.blue.count() + pools.green.count() == done);
    followed.iter().for_each(tokio::task::JoinHandle::abort);
}

//! Open pages hear of a new revision within a second, whichever gateway it was made through.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use futures_util::{StreamExt, stream::BoxStream};
use reqwest::Client;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinSet,
};

use crate::{Site, soon};

const PAGES: usize = 200;

/// An open page.
struct Page {
    pieces: BoxStream<'static, Vec<u8>>,
    heard: String,
}

impl Page {
    async fn open(client: &Client, gateway: &str) -> Self {
        let answer = client.get(format!("{gateway}/manifest/events")).send().await.unwrap();
        for (name, value) in [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store"),
            ("access-control-allow-origin", "*"),
        ] {
            assert_eq!(answer.headers()[name], value);
        }
        let pieces = answer.bytes_stream().map(|piece| piece.unwrap().to_vec()).boxed();
        Self { pieces, heard: String::new() }
    }

    /// Reads on until it is told of `revision`.
    async fn hears(mut self, revision: u64) -> Self {
        while !self.heard.contains(&format!("id: {revision}\n")) {
            let piece = self.pieces.next().await.unwrap();
            self.heard.push_str(std::str::from_utf8(&piece).unwrap());
        }
        self
    }
}

/// Opens pages at one gateway, each of which has heard of `revision`.
async fn open_pages(gateway: &str, revision: u64) -> Vec<Page> {
    // Making a client takes longer than anything that is measured here.
    let client = Client::new();
    let open = async || Page::open(&client, gateway).await.hears(revision).await;
    let pages = (0..PAGES).map(|_| open());
    soon(futures_util::future::join_all(pages)).await
}

/// Returns how long after `since` each page was told, sorted.
#[expect(clippy::print_stdout, reason = "the numbers are part of the promise")]
async fn told(pages: Vec<Page>, revision: u64, since: Instant) -> Vec<Duration> {
    let mut waiting = JoinSet::new();
    for page in pages {
        waiting.spawn(async move {
            page.hears(revision).await;
            since.elapsed()
        });
    }
    let mut times = soon(waiting.join_all()).await;
    times.sort_unstable();
    println!(
        "{} pages told of a rollback: median {:?}, last {:?} after its answer",
        times.len(),
        times[times.len() / 2],
        times[times.len() - 1]
    );
    times
}

async fn roll_back(site: &Site, gateway: &str) {
    let request = Client::new().post(format!("{gateway}/registry/v1/rollbacks"));
    let body = json!({ "remote": "alpha", "reason": "a test" });
    let answer = request.header("authorization", &site.bearer).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn an_event_says_which_revision_and_when_to_come_back() {
    let site = Site::two_versions().await;
    let page =
        soon(async { Page::open(&Client::new(), &site.listen().await).await.hears(2).await }).await;
    let event = |name: &str| {
        let line = page.heard.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name}: {}", page.heard))
    };
    assert_eq!(event("event"), "revision");
    let data: serde_json::Value = serde_json::from_str(event("data")).unwrap();
    assert_eq!(data["revision"], 2);
    assert!(data["released_at"].as_str().unwrap().ends_with('Z'), "{data}");
    let retry: u64 = event("retry").parse().unwrap();
    assert!((1_500..3_500).contains(&retry), "{retry}");
    assert_eq!(page.heard.matches("id: ").count(), 1, "the current one, not the history");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_pages_hear_of_a_rollback_within_a_second() {
    let site = Site::two_versions().await;
    let gateway = site.listen().await;
    let pages = open_pages(&gateway, 2).await;
    roll_back(&site, &gateway).await;
    let times = told(pages, 3, Instant::now()).await;
    assert!(times[PAGES - 1] < Duration::from_secs(1), "{times:?}");
}

/// The gateway as a process of its own, over a test's folders.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    async fn start(dir: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_api-gateway"))
            .env("ASTERISM_LISTEN", "127.0.0.1:0")
            .env("ASTERISM_REGISTRY", dir.join("registry"))
            .env("ASTERISM_SHELL_DIR", dir.join("shell"))
            .env("ASTERISM_LOG", "info")
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = soon(async {
            loop {
                let line = log.next_line().await.unwrap().unwrap();
                let Ok(line) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
                if let Some(address) = line["address"].as_str() {
                    return format!("http://{address}");
                }
            }
        })
        .await;
        // Whoever writes into a pipe that nobody empties stands still.
        tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
        Self { child, url }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_through_another_gateway_is_heard_within_a_second() {
    let site = Site::two_versions().await;
    let (one, other) =
        (Process::start(site.dir.path()).await, Process::start(site.dir.path()).await);
    let pages = open_pages(&other.url, 2).await;
    roll_back(&site, &one.url).await;
    let times = told(pages, 3, Instant::now()).await;
    assert!(times[PAGES - 1] < Duration::from_secs(1), "{times:?}");
}

#[tokio::test]
async fn a_gateway_that_is_told_to_stop_ends_its_streams_and_goes() {
    let site = Site::two_versions().await;
    let mut gateway = Process::start(site.dir.path()).await;
    let page = soon(async { Page::open(&Client::new(), &gateway.url).await.hears(2).await }).await;
    let since = Instant::now();
    let id = gateway.child.id().unwrap().to_string();
    assert!(Command::new("kill").arg(id).status().await.unwrap().success());
    let rest: Vec<_> = soon(page.pieces.collect()).await;
    assert!(rest.concat().is_empty(), "it ends without another word");
    let status = soon(gateway.child.wait()).await.unwrap();
    assert!(status.success(), "{status}");
    // Streams that only wait would keep it for all of its five seconds of grace.
    assert!(since.elapsed() < Duration::from_secs(4), "{:?}", since.elapsed());
}

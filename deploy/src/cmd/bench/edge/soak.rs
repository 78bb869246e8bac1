//! Half an hour's worth of mixed requests as fast as they are answered: what the gateway's memory does.
//!
//! The mixture has what a site sees, the bad included: pages, the manifest, files, answers of a domain with
//! and without a session, uploads, streams that are given up, paths that are not there, and nonsense.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use axum::{
    Router,
    body::Bytes,
    response::sse::{Event, Sse},
    routing::{get, post},
};
use futures_util::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use super::{DOMAIN, gateway, origin, released, visitor};
use crate::{
    build::{Builder, host::Profile},
    cmd::bench::memory,
    term,
    workspace::Workspace,
};

/// Requests that are under way at the same time.
const CLIENTS: usize = 32;
/// How often memory is looked at.
const PARTS: u32 = 10;

/// How much is asked.
#[derive(Debug, clap::Args)]
pub(crate) struct Mixture {
    /// How many minutes' worth
    #[arg(long, default_value_t = 30)]
    pub(crate) minutes: u32,
    /// Requests in a second of that time
    #[arg(long, default_value_t = 100)]
    pub(crate) rate: u32,
}

pub(crate) async fn run(
    workspace: &Workspace,
    profile: Profile,
    soak: &Mixture,
) -> anyhow::Result<()> {
    let mut sizes = Vec::new();
    let took = exercise(workspace, profile, soak, &[], |pid| {
        let resident = memory::resident(pid).context("memory is read from /proc")?;
        sizes.push(format!("{:.1}", resident as f64 / 1024.0));
        Ok(())
    });
    let took = took.await?;
    term::say(&format!(
        "{} mixed requests in {} ({} minutes' worth at {} a second): the gateway had, after each \
         {PARTS}th of them, {} MB",
        soak.requests(),
        term::seconds(took),
        soak.minutes,
        soak.rate,
        sizes.join(", "),
    ));
    Ok(())
}

impl Mixture {
    fn requests(&self) -> u32 {
        self.minutes * 60 * self.rate
    }
}

/// Sends the mixture to a gateway with `more` in its environment, whose process is looked at after each of ten
/// parts of it; returns how long that took.
pub(crate) async fn exercise(
    workspace: &Workspace,
    profile: Profile,
    mixture: &Mixture,
    more: &[(&str, String)],
    mut look: impl FnMut(u32) -> anyhow::Result<()>,
) -> anyhow::Result<Duration> {
    let (origin, serving) = origin(upstream()).await?;
    let builder = Builder::new(workspace)?;
    let gateway = gateway(workspace, &builder, profile, &origin, more).await?;
    let url = gateway.urls.first().context("no gateway")?.clone();
    let files: Arc<[String]> = released(workspace, &builder, &gateway).await?.into();
    let begun = Instant::now();
    for part in 0..PARTS {
        let each = mixture.requests() / PARTS / u32::try_from(CLIENTS)?;
        let mut clients = JoinSet::new();
        for n in 0..CLIENTS {
            let seed = u32::try_from(n)? + part * each;
            clients.spawn(client(url.clone(), files.clone(), seed, each));
        }
        while let Some(done) = clients.join_next().await {
            done??;
        }
        look(gateway.pid())?;
    }
    let took = begun.elapsed();
    gateway.stop().await?;
    serving.abort();
    Ok(took)
}

/// What stands behind the gateway besides.
fn upstream() -> Router {
    let events = || async {
        let beats = stream::repeat(()).then(|()| async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Ok::<_, std::convert::Infallible>(Event::default().data("beat"))
        });
        Sse::new(beats)
    };
    let upload = |body: Bytes| async move { body.len().to_string() };
    let cached = || async { ([("cache-control", "public, max-age=60")], axum::Json(vec![0; 500])) };
    Router::new()
        .route(&format!("/api/{DOMAIN}/answer"), post(upload))
        .route(&format!("/api/{DOMAIN}/list/{{name}}"), get(cached))
        .route(&format!("/api/{DOMAIN}/events"), get(events))
}

/// Sends requests, each of another kind, and as many as told.
async fn client(url: String, files: Arc<[String]>, seed: u32, requests: u32) -> anyhow::Result<()> {
    let known = reqwest::Client::builder().default_headers(visitor(&url).await?).build()?;
    let stranger = reqwest::Client::new();
    let domain = format!("{url}/api/{DOMAIN}");
    for n in (seed..).take(usize::try_from(requests)?) {
        let expected = match n % 16 {
            0 => (known.get(&url), 200..201),
            1 => (known.get(format!("{url}/manifest.json")), 200..201),
            2 => (stranger.get(format!("{domain}/answer")), 200..201),
            3 => (known.get(format!("{url}/nothing/{n}")), 200..500),
            4 => (known.post(format!("{domain}/answer")).body(vec![b'x'; 20_000]), 200..201),
            5 => (known.get(format!("{domain}/not-there/{n}")), 404..405),
            6 => (known.get(format!("{domain}/%2e%2e/{n}")), 400..500),
            7 => (known.get(format!("{url}/api/nobody/{n}")), 404..405),
            8 => (known.get(format!("{domain}/list/{}", n % 5_000)), 200..201),
            9 => (known.get(format!("{domain}/answer")).bearer_auth(n), 200..500),
            10 => (
                known.get(format!("{domain}/answer")).header("cookie", "asterism_session=x"),
                200..201,
            ),
            11 if n % 8 == 3 => {
                give_up(&url, n).await?;
                continue;
            }
            12 | 13 => {
                let file = files.get(n as usize % files.len()).map_or("", String::as_str);
                let packed = known.get([&url, file].concat()).header("accept-encoding", "gzip");
                (packed, 200..201)
            }
            _ => (known.get(format!("{domain}/answer")), 200..201),
        };
        let (request, statuses) = expected;
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        ensure!(statuses.contains(&status), "{} was answered with {status}", answer.url());
        answer.bytes().await?;
    }
    Ok(())
}

/// Begins a stream or sends nonsense, and goes away.
async fn give_up(url: &str, n: u32) -> anyhow::Result<()> {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await?;
    let request = match n / 16 % 3 {
        0 => format!("GET /api/{DOMAIN}/events HTTP/1.1\r\nhost: {address}\r\n\r\n"),
        1 => format!("GET /manifest/events HTTP/1.1\r\nhost: {address}\r\n\r\n"),
        _ => format!("GET / HTTP/9.9\r\nno header {n}\r\n\r\n"),
    };
    stream.write_all(request.as_bytes()).await?;
    let answered = stream.read(&mut [0; 512]).await?;
    ensure!(answered > 0, "not even a refusal came");
    Ok(())
}

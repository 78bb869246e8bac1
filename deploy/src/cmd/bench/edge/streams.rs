//! Many open event streams: the memory that each takes in the gateway, and how others are served meanwhile.
//!
//! Two kinds: the gateway's own (`/manifest/events`, which every open page holds), and those of a domain,
//! which take a connection to the upstream as well.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use axum::{
    Router,
    response::sse::{Event, Sse},
    routing::get,
};
use futures_util::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use super::{DOMAIN, gateway, origin};
use crate::{
    build::{Builder, host::Profile},
    cmd::bench::{memory, numbers::Numbers},
    term,
    workspace::Workspace,
};

/// Streams that are being opened at the same time.
const OPENING: usize = 50;
/// Between two signs of life of the origin's streams.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// What Chromium sends with a request for a stream, besides the host.
const HEADERS: &str = "connection: keep-alive\r\n\
    sec-ch-ua-platform: \"Linux\"\r\n\
    cache-control: no-cache\r\n\
    user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    Chrome/150.0.0.0 Safari/537.36\r\n\
    accept: text/event-stream\r\n\
    sec-ch-ua: \"Chromium\";v=\"150\", \"Not.A/Brand\";v=\"99\"\r\n\
    sec-ch-ua-mobile: ?0\r\n\
    sec-fetch-site: same-origin\r\n\
    sec-fetch-mode: cors\r\n\
    sec-fetch-dest: empty\r\n\
    accept-encoding: gzip, deflate, br, zstd\r\n\
    accept-language: en-US,en;q=0.9\r\n";
/// How long a stream may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Holding {
    /// How many streams of the gateway's own
    #[arg(long, default_value_t = 10_000)]
    own: usize,
    /// How many streams of a domain, which take two file descriptors each
    #[arg(long, default_value_t = 9_900)]
    proxied: usize,
    /// Requests in a second, meanwhile
    #[arg(long, default_value_t = 200)]
    rate: u32,
    /// For how long
    #[arg(long, default_value_t = 15)]
    seconds: u32,
}

pub(crate) async fn run(
    workspace: &Workspace,
    profile: Profile,
    streams: &Holding,
) -> anyhow::Result<()> {
    let (origin, serving) = origin(upstream()).await?;
    let builder = Builder::new(workspace)?;
    let kinds = [
        ("of its own", "/manifest/events".to_owned(), streams.own),
        ("of a domain", format!("/api/{DOMAIN}/events"), streams.proxied),
    ];
    for (kind, path, count) in kinds {
        // Another process for each kind: what the first one's streams left would count for the second.
        let gateway = gateway(workspace, &builder, profile, &origin, &[]).await?;
        let url = gateway.urls.first().context("no gateway")?.clone();
        let plain = format!("{url}/api/{DOMAIN}/answer");
        steady(&plain, streams.rate, 2).await?;
        let resident = || memory::resident(gateway.pid()).context("memory is read from /proc");
        let before = resident()?;
        let held = hold(url.trim_start_matches("http://"), &path, count).await?;
        let opened = resident()?;
        let took = steady(&plain, streams.rate, streams.seconds).await?;
        let after = resident()?;
        // Memory of a benchmark is small enough for 52 bits.
        let each = |kilobytes: u64| kilobytes.saturating_sub(before) as f64 / count.max(1) as f64;
        term::say(&format!(
            "{count} open streams {kind}: {:.1} KB of the gateway's memory each when opened, {:.1} KB \
             after {} s ({before} KB before, {opened} KB, {after} KB)",
            each(opened),
            each(after),
            streams.seconds,
        ));
        let [p50, p95, p99] = [50, 95, 99].map(|p| took.percentile(p).as_secs_f64() * 1000.0);
        term::say(&format!(
            "  {} requests/s meanwhile: p50 {p50:.1} ms, p95 {p95:.1} ms, p99 {p99:.1} ms",
            streams.rate
        ));
        let open = held.len();
        ensure!(open == count, "{} streams ended before their time", count - open);
        drop(held);
        gateway.stop().await?;
    }
    serving.abort();
    Ok(())
}

/// What stands behind the gateway besides.
fn upstream() -> Router {
    let beat = |()| async {
        tokio::time::sleep(HEARTBEAT).await;
        Some((Ok::<_, Infallible>(Event::default().data("beat")), ()))
    };
    let events = move || async move {
        let first = stream::once(async { Ok::<_, Infallible>(Event::default().data("hello")) });
        Sse::new(first.chain(stream::unfold((), beat)))
    };
    Router::new().route(&format!("/api/{DOMAIN}/events"), get(events))
}

/// Opens streams and reads them for as long as the set lives; one that ends leaves it.
async fn hold(address: &str, path: &str, count: usize) -> anyhow::Result<JoinSet<()>> {
    let mut reading = JoinSet::new();
    let opening = (0..count)
        .map(|_| tokio::time::timeout(PATIENCE, open(address.to_owned(), path.to_owned())));
    let mut opened = stream::iter(opening).buffer_unordered(OPENING);
    while let Some(stream) = opened.next().await {
        let stream = stream.context("a stream does not begin")??;
        reading.spawn(read(stream));
    }
    Ok(reading)
}

/// Opens a stream and returns it after its first event.
async fn open(address: String, path: String) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(&address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{HEADERS}\r\n");
    stream.write_all(request.as_bytes()).await?;
    let (mut buffer, mut filled) = ([0; 4096], 0);
    loop {
        let read = stream.read(buffer.get_mut(filled..).unwrap_or_default()).await?;
        let text = buffer.get(..filled + read).map(String::from_utf8_lossy).unwrap_or_default();
        ensure!(read > 0, "a stream ended at its beginning: {text}");
        filled += read;
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            ensure!(head.starts_with("HTTP/1.1 200"), "no stream: {head}");
            if body.contains("data:") {
                return Ok(stream);
            }
        }
    }
}

async fn read(mut stream: TcpStream) {
    let mut buffer = [0; 256];
    while matches!(stream.read(&mut buffer).await, Ok(read) if read > 0) {}
}

/// Asks at a steady rate, whether or not answers come, and returns how long each answer took.
async fn steady(url: &str, rate: u32, seconds: u32) -> anyhow::Result<Numbers> {
    let client = reqwest::Client::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
    let mut asking = JoinSet::new();
    for _ in 0..rate * seconds {
        ticks.tick().await;
        let request = client.get(url);
        asking.spawn(async move {
            let begun = Instant::now();
            request.send().await?.error_for_status()?.bytes().await?;
            anyhow::Ok(begun.elapsed())
        });
    }
    let mut took = Vec::new();
    while let Some(answered) = asking.join_next().await {
        took.push(answered??);
    }
    Ok(Numbers::new(took))
}

//! How fast the gateway is beside nginx, how many streams it holds, and whether its memory stays.
//!
//! nginx and the gateway stand in front of the same origin, which is another nginx, and wrk asks them in
//! turns, so that a machine which is slow for a moment is slow for both. Both log every request to a file.
//!
//! Not here: the services. What they take is in `bench search-latency` and `bench ask-load`.

mod beside_nginx;
mod nginx;
mod soak;
mod streams;
mod wrk;

use anyhow::{Context, ensure};
use axum::{Router, routing::get};
use reqwest::header::{self, HeaderMap, HeaderValue};

use tokio::{net::TcpListener, task::JoinHandle};

use super::{gateways::Gateways, release::request, subject};
use crate::{
    build::{Builder, host::Profile},
    cmd::publish,
    workspace::Workspace,
};

pub(super) use beside_nginx::{Rounds, run as beside_nginx};
pub(super) use soak::run as soak;
pub(crate) use soak::{Mixture, exercise};
pub(super) use streams::{Holding, run as streams};

/// The domain that the origin is.
const DOMAIN: &str = "origin";
/// A rate that nobody reaches: limits are counted and refuse nobody.
const ENOUGH: &str = "60000000/min burst 1000000";

/// Starts a gateway in front of an origin, with every limit so high that load from one address is let in.
async fn gateway(
    workspace: &Workspace,
    builder: &Builder<'_>,
    profile: Profile,
    origin: &str,
    more: &[(&str, String)],
) -> anyhow::Result<Gateways> {
    let env = [
        ("ASTERISM_UPSTREAMS", format!("{DOMAIN}={origin}")),
        ("ASTERISM_CONNECTIONS_PER_ADDRESS", "0".to_owned()),
        ("ASTERISM_LIMIT_ADDRESS", ENOUGH.to_owned()),
        ("ASTERISM_LIMIT_SESSION", ENOUGH.to_owned()),
    ];
    Gateways::start(workspace, builder, profile, 1, &[&env, more].concat()).await
}

/// Releases a remote; returns the paths of a small file of it and of its largest.
async fn released(
    workspace: &Workspace,
    builder: &Builder<'_>,
    gateway: &Gateways,
) -> anyhow::Result<Vec<String>> {
    const VERSION: &str = "0.9.0";
    let remote = subject(workspace)?;
    let built = builder.remote(&remote, VERSION)?;
    publish::publish(&*gateway.releases, &built, &gateway.key).await?;
    gateway.releases.release(&request(&remote.facts.name, VERSION), None).await?;
    let mut files: Vec<_> = std::fs::read_dir(&built.dir)?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let served = [".wasm", ".js", ".css"].iter().any(|end| name.ends_with(end));
            served.then(|| Some((entry.metadata().ok()?.len(), name))).flatten()
        })
        .collect();
    files.sort_unstable();
    let (first, last) = (files.first(), files.last());
    let path =
        |(_, name): &(u64, String)| format!("/remotes/{}/{VERSION}/{name}", remote.facts.name);
    let paths: Vec<_> = first.into_iter().chain(last).map(path).collect();
    ensure!(paths.len() == 2, "{} has no files", built.dir.display());
    Ok(paths)
}

/// Starts an origin that answers, is well, and has `more`; returns where it is, and what serves.
async fn origin(more: Router) -> anyhow::Result<(String, JoinHandle<std::io::Result<()>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let routes = more
        .route(&format!("/api/{DOMAIN}/answer"), get(|| async { axum::Json(vec![0; 1000]) }))
        .route("/readyz", get(|| async {}))
        .route("/healthz", get(|| async {}));
    Ok((url, tokio::spawn(async move { axum::serve(listener, routes).await })))
}

/// Returns the headers of somebody who has a session, as all but first visits have.
async fn visitor(url: &str) -> anyhow::Result<HeaderMap> {
    let answer = reqwest::get([url, "/api/", DOMAIN, "/answer"].concat()).await?;
    let set = answer.headers().get(header::SET_COOKIE).context("the gateway gave no session")?;
    let pair = set.to_str()?.split(';').next().unwrap_or_default();
    Ok(HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(pair)?)]))
}

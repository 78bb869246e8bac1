//! The same requests to nginx and to the gateway, in turns.

use std::{fs, path::Path, time::Duration};

use anyhow::Context;
use reqwest::header::{self, HeaderMap, HeaderValue};
use serde_json::json;

use super::{
    DOMAIN, gateway,
    nginx::{Nginx, Role},
    released, visitor,
    wrk::{self, Load},
};
use crate::{
    build::{Builder, host::Profile},
    term,
    tools::{self, Cache},
    workspace::Workspace,
};

/// The origin's answer, bytes.
const JSON: usize = 2048;

/// How much is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Rounds {
    /// How often each is asked
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// For how long each time
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// Over how many connections
    #[arg(long, default_value_t = 64)]
    connections: u32,
}

/// One kind of request.
struct Case {
    what: String,
    nginx: String,
    gateway: String,
}

pub(crate) async fn run(
    workspace: &Workspace,
    profile: Profile,
    rounds: &Rounds,
) -> anyhow::Result<()> {
    let [nginx, wrk] = tools::nginx::ensure(&Cache::find()?)?;
    let folder = tempfile(workspace)?;
    let json = folder.join("answer.json");
    fs::write(&json, answer())?;
    let files = folder.join("files");
    fs::create_dir_all(&files)?;
    let origin = Nginx::start(&nginx, &folder.join("origin"), &Role::Origin(&json)).await?;
    let role = Role::Proxy { origin: &origin.url, files: &files };
    let proxy = Nginx::start(&nginx, &folder.join("proxy"), &role).await?;
    let builder = Builder::new(workspace)?;
    let gateway = gateway(workspace, &builder, profile, &origin.url, &[]).await?;
    let url = gateway.urls.first().context("no gateway")?.clone();

    let path = format!("/api/{DOMAIN}/answer");
    let mut cases = vec![Case {
        what: format!("proxy, {JSON} bytes of JSON"),
        nginx: [&proxy.url, path.as_str()].concat(),
        gateway: [&url, path.as_str()].concat(),
    }];
    for path in released(workspace, &builder, &gateway).await? {
        let gateway = [&url, path.as_str()].concat();
        let bytes = keep(&gateway, &path, &files).await?;
        let (_, name) = path.rsplit_once('/').unwrap_or_default();
        let what = format!("{name}, {bytes} bytes of gzip");
        cases.push(Case { what, nginx: [&proxy.url, path.as_str()].concat(), gateway });
    }
    let mut headers = visitor(&url).await?;
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    for case in &cases {
        measure(&wrk, case, &headers, rounds)?;
    }
    gateway.stop().await?;
    proxy.stop().await?;
    origin.stop().await?;
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Makes a folder for what is measured.
fn tempfile(workspace: &Workspace) -> anyhow::Result<std::path::PathBuf> {
    let folder = workspace.target.join(format!("asterism/bench-edge-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Returns a list such as a domain answers with.
fn answer() -> Vec<u8> {
    let item = |n: u32| json!({ "id": n, "title": "Something that was found", "score": 0.5 });
    let mut text = json!({ "results": (0..32).map(item).collect::<Vec<_>>() }).to_string();
    text.truncate(JSON);
    format!("{text:<JSON$}").into_bytes()
}

/// Gives nginx the file as the gateway serves it; returns its size as it is sent.
async fn keep(url: &str, path: &str, files: &Path) -> anyhow::Result<usize> {
    let client = reqwest::Client::new();
    let file = files.join(path.trim_start_matches('/'));
    fs::create_dir_all(file.parent().context("no folder")?)?;
    let get = async |encoding: &str| {
        let answer = client.get(url).header("accept-encoding", encoding).send().await?;
        anyhow::Ok(answer.error_for_status()?.bytes().await?)
    };
    fs::write(&file, get("identity").await?)?;
    let packed = get("gzip").await?;
    fs::write(file.with_added_extension("gz"), &packed)?;
    Ok(packed.len())
}

fn measure(
    wrk: &Path,
    case: &Case,
    headers: &HeaderMap,
    Rounds { rounds, seconds, connections }: &Rounds,
) -> anyhow::Result<()> {
    let run = |url: &str, lasting| {
        wrk::run(wrk, url, headers, *connections, Duration::from_secs(lasting))
    };
    // Once without counting, so that everything is warm.
    run(&case.nginx, 1)?;
    run(&case.gateway, 1)?;
    let (mut nginx, mut gateway) = (Vec::new(), Vec::new());
    for _ in 0..*rounds {
        nginx.push(run(&case.nginx, *seconds)?);
        gateway.push(run(&case.gateway, *seconds)?);
    }
    let (nginx, gateway) = (middle(&nginx), middle(&gateway));
    let p99 = gateway.p99.as_secs_f64() / nginx.p99.as_secs_f64();
    term::say(&format!(
        "{}: {:.2} times nginx's rate, {p99:.2} times its p99 (medians of {rounds} rounds of \
         {seconds} s in turns, {connections} connections)",
        case.what,
        gateway.rate / nginx.rate,
    ));
    for (who, load) in [("nginx", nginx), ("gateway", gateway)] {
        let [p50, p99] = [load.p50, load.p99].map(|time| time.as_secs_f64() * 1000.0);
        term::say(&format!(
            "  {who:<8} {:>7.0} requests/s, p50 {p50:.2} ms, p99 {p99:.2} ms",
            load.rate
        ));
    }
    Ok(())
}

/// Returns the median of each number.
fn middle(loads: &[Load]) -> Load {
    let median = |of: fn(&Load) -> f64| {
        let mut values: Vec<f64> = loads.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    let time = |of| Duration::try_from_secs_f64(median(of)).unwrap_or_default();
    Load {
        rate: median(|load| load.rate),
        p50: time(|load| load.p50.as_secs_f64()),
        p99: time(|load| load.p99.as_secs_f64()),
    }
}

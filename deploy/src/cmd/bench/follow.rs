//! How soon open tabs hear of a rollback: many event streams, half of them on a second gateway, which
//! learns of it from the registry alone.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use registry::RollbackRequest;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use super::{gateways::Gateways, numbers::Numbers, release::request, subject};
use crate::{
    build::{Builder, host::Profile},
    cmd::publish,
    term,
    workspace::Workspace,
};

const CLIENTS: usize = 200;
const ROLLBACKS: usize = 20;
/// A client that has not heard by then never will.
const PATIENCE: Duration = Duration::from_secs(10);

/// A client was told of a revision.
struct Told {
    gateway: usize,
    revision: u64,
    at: Instant,
}

pub(super) async fn run(workspace: &Workspace, profile: Profile) -> anyhow::Result<()> {
    let builder = Builder::new(workspace)?;
    let remote = subject(workspace)?;
    let gateways = Gateways::start(workspace, &builder, profile, 2, &[]).await?;
    let name = &remote.facts.name;
    let versions = ["0.9.0", "0.9.1"];
    let mut revision = 0;
    for version in versions {
        let built = builder.remote(&remote, version)?;
        publish::publish(&*gateways.releases, &built, &gateways.key).await?;
        let request = request(name, version);
        revision = gateways.releases.release(&request, None).await?.revision;
    }
    let (sender, mut told) = unbounded_channel();
    let mut clients = JoinSet::new();
    for n in 0..CLIENTS {
        let gateway = n % gateways.urls.len();
        clients.spawn(listen(gateways.urls[gateway].clone(), gateway, sender.clone()));
    }
    // Each is told the current revision at once, so all are connected.
    heard(&mut told, revision, CLIENTS).await?;
    let mut delays = vec![Vec::new(); gateways.urls.len()];
    for n in 0..ROLLBACKS {
        let (remote, to) = (name.clone(), Some(versions[n % 2].to_owned()));
        let reason = "a benchmark".to_owned();
        let request = RollbackRequest { remote, to, reason, ..RollbackRequest::default() };
        let revision = gateways.releases.rollback(&request, None).await?.revision;
        let returned = Instant::now();
        for Told { gateway, at, .. } in heard(&mut told, revision, CLIENTS).await? {
            // Told before the rollback returned is no delay.
            delays[gateway].push(at.saturating_duration_since(returned));
        }
    }
    clients.shutdown().await;
    let all: Vec<Duration> = delays.concat();
    let text = format!("rollback to {CLIENTS} open tabs ({})", profile.name());
    term::say(&format!("{text}: {}", Numbers::new(all).tail()));
    let whose = ["the gateway that was asked", "another gateway, which polls the registry"];
    for (whose, delays) in whose.into_iter().zip(delays) {
        term::say(&format!("  {whose}: {}", Numbers::new(delays).tail()));
    }
    gateways.stop().await
}

/// Waits until `clients` were told of a revision.
async fn heard(
    told: &mut UnboundedReceiver<Told>,
    revision: u64,
    clients: usize,
) -> anyhow::Result<Vec<Told>> {
    let mut found = Vec::new();
    let all = async {
        while found.len() < clients {
            let told = told.recv().await.context("no client is left")?;
            if told.revision == revision {
                found.push(told);
            }
        }
        anyhow::Ok(())
    };
    let in_time = tokio::time::timeout(PATIENCE, all).await;
    let count = found.len();
    ensure!(in_time.is_ok(), "only {count} of {clients} clients were told of revision {revision}");
    in_time??;
    Ok(found)
}

async fn listen(url: String, gateway: usize, told: UnboundedSender<Told>) -> anyhow::Result<()> {
    // One for each, so that they share no connection.
    let client = reqwest::Client::new();
    let mut answer = client.get(format!("{url}/manifest/events")).send().await?;
    let mut text = String::new();
    while let Some(chunk) = answer.chunk().await? {
        let at = Instant::now();
        text.push_str(&String::from_utf8_lossy(&chunk));
        while let Some((event, rest)) = text.split_once("\n\n") {
            if let Some(revision) = revision_of(event) {
                told.send(Told { gateway, revision, at }).ok();
            }
            text = rest.to_owned();
        }
    }
    Ok(())
}

/// Reads the id of an event, which is the revision.
fn revision_of(event: &str) -> Option<u64> {
    event.lines().find_map(|line| line.strip_prefix("id:")?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::revision_of;

    #[test]
    fn the_revision_of_an_event_is_its_id() {
        assert_eq!(revision_of("event: revision\nid: 42\ndata: {}"), Some(42));
        assert_eq!(revision_of(": a heartbeat"), None);
    }
}

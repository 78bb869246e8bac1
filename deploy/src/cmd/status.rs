//! `status`: what is live, what is published, and what runs on this machine.

use contract::RemoteState;
use registry::VersionOutcomes;
use serde_json::json;

use crate::{
    cli::Site,
    releases::{self, Releases},
    term,
    up::state::{self, Running},
    workspace::Workspace,
};

/// Show what is live and what runs
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let workspace = Workspace::find().ok();
    let releases = releases::open(workspace.as_ref(), &site)?;
    let running = state::running(&site.data_dir(workspace.as_ref())?);
    let manifest = releases.manifest().await?;
    let remotes = releases.remotes().await?;
    let outcomes = outcomes(&*releases, running.as_ref()).await.unwrap_or_default();
    if args.json {
        return term::json(&json!({
            "revision": manifest.revision,
            "released_at": manifest.released_at,
            "remotes": remotes,
            "live": manifest.remotes.iter().map(|(name, state)| (name.clone(), json!({
                "active": state.active.version,
                "canary": state.canary.as_ref().map(|canary| json!({
                    "version": canary.release.version, "percent": canary.percent,
                })),
                "previous": state.previous.as_ref().map(|previous| &previous.version),
                "withdrawn": state.withdrawn,
            }))).collect::<serde_json::Map<_, _>>(),
            "outcomes": outcomes,
            "running": running,
        }));
    }
    term::say(&format!("revision {}, {}", manifest.revision, manifest.released_at));
    for remote in &remotes {
        let live = match manifest.remotes.get(&remote.name) {
            Some(state) => describe(state),
            None => "not released".to_owned(),
        };
        let versions = term::count(remote.versions, "version");
        term::say(&format!("  {:<12} {live} ({versions} published)", remote.name));
        for outcome in outcomes.iter().filter(|outcome| outcome.remote == remote.name) {
            term::say(&fared(outcome));
        }
    }
    match running {
        None => term::say("not running; `cargo asterism up` starts it"),
        Some(Running { pid, url, processes, .. }) => {
            term::say(&format!("running at {url}, process {pid}"));
            for process in processes {
                let pid =
                    process.pid.map_or("restarting".to_owned(), |pid| format!("process {pid}"));
                term::say(&format!("  {:<12} {pid}, port {}", process.name, process.port));
            }
        }
    }
    Ok(())
}

/// Asks the gateway: of the registry itself, or the one that runs here.
async fn outcomes(
    releases: &dyn Releases,
    running: Option<&Running>,
) -> anyhow::Result<Vec<VersionOutcomes>> {
    if let Some(outcomes) = releases.outcomes().await? {
        return Ok(outcomes);
    }
    let Some(Running { url, .. }) = running else { return Ok(Vec::new()) };
    Ok(releases::gateway(url)?.outcomes().await?.unwrap_or_default())
}

fn fared(outcome: &VersionOutcomes) -> String {
    let VersionOutcomes { version, sessions, failed_sessions, mounted, failed, panicked, .. } =
        outcome;
    let minutes = outcome.window_seconds / 60;
    format!(
        "    {version}: in {minutes} minutes {sessions} sessions, failed in {failed_sessions}; \
         {mounted} mounts, {failed} failures, {panicked} crashes"
    )
}

fn describe(state: &RemoteState) -> String {
    let RemoteState { active, canary, previous, withdrawn } = state;
    let mut text = active.version.clone();
    if let Some(canary) = canary {
        text.push_str(&format!(", {} on trial for {} %", canary.release.version, canary.percent));
    }
    if let Some(previous) = previous {
        text.push_str(&format!(", before {}", previous.version));
    }
    if !withdrawn.is_empty() {
        text.push_str(&format!(", withdrawn {}", withdrawn.join(" ")));
    }
    text
}

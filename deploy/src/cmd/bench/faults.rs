//! What breaks when something breaks: a site of its own is hurt in one way after the other, while visitors of
//! every domain go on asking, and what they saw is printed as a table.
//!
//! Everything is real: the processes, their supervisor, the sockets between them. Between the gateways and
//! each service stands a wire that can be slow or cut answers off (`wire`).
//!
//! Not here: attacks (`attack`), and speed (`bench edge`).

mod ailing;
mod probes;
mod table;
mod wire;
mod world;
mod writes;

use std::time::Duration;

use nix::sys::signal::Signal;

use crate::{build::host::Profile, term, workspace::Workspace};
use ailing::{Fault, observe};
use wire::Trouble;
use world::World;

/// How long a service that hangs does.
const HANGS: Duration = Duration::from_secs(20);
/// How long other troubles last.
const LASTS: Duration = Duration::from_secs(8);

/// Which faults.
#[derive(Debug, clap::Args)]
pub(crate) struct Faults {
    /// Only those whose name has this in it
    #[arg(long)]
    only: Option<String>,
    /// Build the servers with optimisation
    #[arg(long)]
    release: bool,
}

pub(super) async fn run(workspace: &Workspace, faults: &Faults) -> anyhow::Result<()> {
    let profile = if faults.release { Profile::Release } else { Profile::Dev };
    let mut world = World::start(workspace, profile).await?;
    let wanted = |name: &str| faults.only.as_ref().is_none_or(|part| name.contains(part.as_str()));
    let mut rows = Vec::new();
    for fault in all(&world.domains()) {
        if !wanted(&fault.to_string()) {
            continue;
        }
        let row = observe(&mut world, &fault).await?;
        term::note(&row.to_string());
        rows.push(row);
    }
    for line in table::of(&rows) {
        term::say(&line);
    }
    world.end().await
}

/// Every fault, in the order of the table.
fn all(domains: &[String]) -> Vec<Fault> {
    let on = |fault: fn(String) -> Fault| domains.iter().cloned().map(fault);
    let mut all: Vec<_> = on(Fault::Killed).collect();
    all.extend(on(|domain| Fault::Stopped(domain, HANGS)));
    all.extend(on(|domain| Fault::Wire(domain, Trouble::Slow(Duration::from_millis(300)), LASTS)));
    all.extend(on(|domain| Fault::Wire(domain, Trouble::Cut { percent: 30 }, LASTS)));
    all.extend(on(|domain| Fault::FullDisk(domain, LASTS)));
    all.push(Fault::ClockJump { seconds: 2 * 3600, lasting: LASTS });
    all.push(Fault::ClockJump { seconds: -2 * 3600, lasting: LASTS });
    all.push(Fault::Gateway(Signal::SIGTERM));
    all.push(Fault::Gateway(Signal::SIGKILL));
    all.push(Fault::OtherGateway);
    all
}

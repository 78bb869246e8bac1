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

use anyhow::Context;
use nix::sys::signal::Signal;

use crate::{build::host::Profile, term, workspace::Workspace};
use ailing::{Fault, observe};
use table::Row;
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
    let chosen = all(&world.domains()).into_iter().filter(|fault| wanted(&fault.to_string()));
    let mut rows = Vec::new();
    let done = one_by_one(&mut world, chosen, &mut rows).await;
    // What was seen is told also when a fault could not be made.
    for line in table::of(&rows) {
        term::say(&line);
    }
    world.end().await?;
    done
}

async fn one_by_one(
    world: &mut World,
    faults: impl Iterator<Item = Fault>,
    rows: &mut Vec<Row>,
) -> anyhow::Result<()> {
    for fault in faults {
        let row =
            observe(world, &fault).await.with_context(|| format!("{fault} cannot be tried"))?;
        term::note(&row.to_string());
        rows.push(row);
    }
    Ok(())
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

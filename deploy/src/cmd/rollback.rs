//! `rollback`: takes the newest release of a remote back.

use registry::RollbackRequest;

use crate::{
    cli::Site,
    cmd::{Decision, tell},
    releases,
    workspace::Workspace,
};

/// Take the newest release of one remote back
///
/// Open tabs leave the withdrawn version at once.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The remote's name
    remote: String,
    /// The version to go back to [default: the one that was live before]
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    #[command(flatten)]
    decision: Decision,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let Args { remote, to, decision } = args;
    let Decision { reason, if_match, json } = decision;
    if let Some(version) = &to {
        releases::check_version(version)?;
    }
    let releases = releases::open(Workspace::find().ok().as_ref(), &site)?;
    let request = RollbackRequest { remote, to, reason, who: releases::who() };
    tell(&releases.rollback(&request, if_match).await?, json)
}

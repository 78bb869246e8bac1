//! `rollback`: takes the newest release of a remote back.

use registry::RollbackRequest;

use crate::{cli::Site, cmd::tell, releases, workspace::Workspace};

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
    /// Why, for the history
    #[arg(long, default_value = "")]
    reason: String,
    /// Only if the site is still at this revision
    #[arg(long, value_name = "REVISION")]
    if_match: Option<u64>,
    /// Print the new revision as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let Args { remote, to, reason, if_match, json } = args;
    if let Some(version) = &to {
        releases::check_version(version)?;
    }
    let releases = releases::open(Workspace::find().ok().as_ref(), &site)?;
    let request = RollbackRequest { remote, to, reason, who: releases::who() };
    tell(&releases.rollback(&request, if_match).await?, json)
}

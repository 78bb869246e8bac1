//! `release`: makes a version live, building and publishing it first when it is new.

use registry::ReleaseRequest;

use crate::{
    build::{self, Builder},
    cli::Site,
    cmd::{Decision, publish, remote_here, tell},
    releases, signing, term,
    workspace::Workspace,
};

/// Make a version of one remote live
///
/// A version that is not published yet is built from the checkout first.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The remote's name
    remote: String,
    /// The version, which need not be the one in Cargo.toml
    version: String,
    /// Put it on trial for this share of the sessions only
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=99))]
    percent: Option<u8>,
    #[command(flatten)]
    decision: Decision,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let Args { remote, version, percent, decision } = args;
    let Decision { reason, if_match, json } = decision;
    releases::check_version(&version)?;
    let workspace = Workspace::find().ok();
    let releases = releases::open(workspace.as_ref(), &site)?;
    let here = workspace.as_ref().map(|w| w.remote(&remote)).transpose()?.flatten();
    match (releases.descriptor(&remote, &version).await?, here, workspace) {
        (Some(published), Some(here), Some(workspace)) => {
            let built = build::current(&workspace, &here, &version)?;
            if !built.is_some_and(|built| publish::same(&built.descriptor, &published)) {
                let text = "was published before and may differ from your sources; releasing what";
                term::note(&format!("{remote} {version} {text} was published"));
            }
        }
        (None, Some(here), Some(workspace)) => {
            let key = signing::key(Some(&workspace), &site).await?;
            let built = Builder::new(&workspace)?.remote(&here, &version)?;
            publish::publish(&*releases, &built, &key).await?;
        }
        (None, None, Some(workspace)) => return remote_here(&workspace, &remote).map(drop),
        // The registry knows it, or says that it does not.
        _ => {}
    }
    let request = ReleaseRequest { remote, version, percent, reason, who: releases::who() };
    tell(&releases.release(&request, if_match).await?, json)
}

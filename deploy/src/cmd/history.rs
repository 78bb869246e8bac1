//! `history`: who released what, when and why.

use crate::{
    cli::Site,
    cmd::{line, without_manifest},
    releases, term,
    workspace::Workspace,
};

/// Show who released what, when and why
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many of the newest revisions
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Print them as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let releases = releases::open(Workspace::find().ok().as_ref(), &site)?;
    let revisions = releases.revisions(args.limit).await?;
    if args.json {
        let entries: Result<Vec<_>, _> = revisions.iter().map(without_manifest).collect();
        return term::json(&entries?);
    }
    if revisions.is_empty() {
        term::note("nothing was released yet");
    }
    for revision in &revisions {
        term::say(&line(revision));
    }
    Ok(())
}

//! `gc`: removes versions that nothing needs any more.

use registry::{GcReport, GcRequest, Removed};

use crate::{cli::Site, releases, term, workspace::Workspace};

/// Remove old versions
///
/// What is live, on trial or the one before stays, and so does what one of the last revisions names.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many revisions must stay possible to go back to
    #[arg(long, default_value_t = 50)]
    keep: u64,
    /// Only show what would go
    #[arg(long)]
    dry_run: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let Args { keep, dry_run, json } = args;
    let releases = releases::open(Workspace::find().ok().as_ref(), &site)?;
    let request = GcRequest { keep, dry_run, who: releases::who() };
    let report = releases.gc(&request).await?;
    if json {
        return term::json(&report);
    }
    let GcReport { removed, kept, freed_bytes, dry_run: _ } = report;
    let did = if dry_run { "would go" } else { "removed" };
    for Removed { remote, version, bytes } in &removed {
        term::say(&format!("{did}: {remote} {version}, {} KB", bytes / 1000));
    }
    let count = term::count(removed.len(), "version");
    term::say(&format!("{count} {did} ({} KB), {kept} kept", freed_bytes / 1000));
    Ok(())
}

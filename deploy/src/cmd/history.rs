//! `history`: who released what, when and why.

use registry::Revision;

use crate::{
    cli::Site,
    cmd::{line, without_manifest},
    releases::{self, Releases},
    term,
    workspace::Workspace,
};

/// As many as a gateway gives at once.
const PAGE: usize = 100;

/// Show who released what, when and why
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this remote
    #[arg(long, value_name = "NAME")]
    remote: Option<String>,
    /// How many of the newest revisions
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Print them as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let Args { remote, limit, json } = args;
    let releases = releases::open(Workspace::find().ok().as_ref(), &site)?;
    let revisions = newest(&*releases, remote.as_deref(), limit).await?;
    if json {
        let entries: Result<Vec<_>, _> = revisions.iter().map(without_manifest).collect();
        return term::json(&entries?);
    }
    if revisions.is_empty() {
        let of = remote.map(|remote| format!(" of {remote}")).unwrap_or_default();
        term::note(&format!("nothing{of} was released yet"));
    }
    for revision in &revisions {
        term::say(&line(revision));
    }
    Ok(())
}

/// Returns the newest revisions, of one remote or of all.
async fn newest(
    releases: &dyn Releases,
    remote: Option<&str>,
    limit: usize,
) -> anyhow::Result<Vec<Revision>> {
    let mut found: Vec<Revision> = Vec::new();
    let mut before = None;
    while found.len() < limit {
        // Those of other remotes count too, as they are only known here.
        let ask = if remote.is_some() { PAGE } else { PAGE.min(limit - found.len()) };
        let page = releases.revisions(before, ask).await?;
        let Some(oldest) = page.last().map(|revision| revision.revision) else { break };
        let (end, last) = (page.len() < ask, before == Some(oldest));
        before = Some(oldest);
        found.extend(page.into_iter().filter(|r| remote.is_none_or(|remote| r.remote == remote)));
        if end || last {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}

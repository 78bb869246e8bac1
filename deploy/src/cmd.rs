//! One file per verb: its arguments, and what it does with them.

pub(crate) mod account;
pub(crate) mod attack;
pub(crate) mod audit;
pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod describe;
pub(crate) mod dev;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod gc;
pub(crate) mod history;
pub(crate) mod key;
pub(crate) mod keygen;
pub(crate) mod model;
pub(crate) mod new;
pub(crate) mod pool;
pub(crate) mod publish;
pub(crate) mod release;
pub(crate) mod rollback;
pub(crate) mod status;
pub(crate) mod stories;
pub(crate) mod test;
pub(crate) mod up;

use registry::{Action, Revision};
use serde_json::Value;

use crate::{
    failure::Failure,
    term,
    workspace::{Bundled, Workspace},
};

/// What is said of every change of a site.
#[derive(Debug, clap::Args)]
struct Decision {
    /// Why, for the history
    #[arg(long, default_value = "")]
    reason: String,
    /// Only if nothing was changed since this revision
    #[arg(long, value_name = "REVISION")]
    if_match: Option<u64>,
    /// Print the new revision as JSON
    #[arg(long)]
    json: bool,
}

/// Returns a remote of the checkout, or says which there are.
fn remote_here(workspace: &Workspace, name: &str) -> anyhow::Result<Bundled> {
    workspace.remote(name)?.ok_or_else(|| {
        let names = workspace.remotes().unwrap_or_default().into_iter().map(|r| r.facts.name);
        let advice = format!("one of: {}", names.collect::<Vec<_>>().join(", "));
        Failure::usage(format!("this checkout has no remote `{name}`"), advice).into()
    })
}

/// Prints what a release or rollback did.
fn tell(revision: &Revision, json: bool) -> anyhow::Result<()> {
    if json {
        return term::json(&without_manifest(revision)?);
    }
    term::say(&line(revision));
    Ok(())
}

/// The whole manifest of each revision is for gateways, not for a list.
fn without_manifest(revision: &Revision) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(revision)?;
    if let Some(fields) = value.as_object_mut() {
        fields.remove("manifest");
    }
    Ok(value)
}

fn line(revision: &Revision) -> String {
    let Revision { revision, released_at, who, reason, action, remote, from, to, percent, .. } =
        revision;
    let from = from.as_ref().map(|from| format!("{from} → ")).unwrap_or_default();
    let percent = percent.map(|percent| format!(" for {percent} %")).unwrap_or_default();
    let action = match action {
        Action::Release => "released",
        Action::Rollback => "rolled back",
    };
    format!(
        "{revision:>4}  {released_at}  {action} {remote} {from}{to}{percent}, by {who}{}",
        because(reason)
    )
}

/// Returns a reason as the end of a line.
fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason}") }
}

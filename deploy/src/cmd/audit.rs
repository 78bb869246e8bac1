//! `audit`: what was changed on a site and by whom, and whether that record is whole.

use std::path::PathBuf;

use anyhow::Context;
use audit::{Entry, FILE, Head, verify, what::BEGIN};
use registry::Registry;
use serde_json::json;

use crate::{
    cli::Site, failure::Failure, releases::is_gateway, term, up::GATEWAY_DATA, workspace::Workspace,
};

/// Look at who changed what, and check that nobody changed the record
///
/// A gateway with a data folder (`ASTERISM_DATA_DIR`) keeps the log there, and the hash of its newest entry in
/// the registry.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Check every entry, and the end against the head in the registry
    ///
    /// Prints the newest head. Note it down elsewhere, and give it to a later check: who can write both the
    /// log and the registry could otherwise make them anew.
    Verify {
        /// The log [default: gateway/audit.jsonl in the data]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// A head that was noted down, `<number>:<hash>`
        #[arg(long, value_name = "HEAD")]
        head: Vec<Head>,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the newest entries
    List {
        /// The log [default: gateway/audit.jsonl in the data]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// How many
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    match args.action {
        Action::Verify { file, head, json } => check(&site, file, head, json).await,
        Action::List { file, limit, json } => list(&read(&site, file)?, limit, json),
    }
}

async fn check(
    site: &Site,
    file: Option<PathBuf>,
    mut heads: Vec<Head>,
    json: bool,
) -> anyhow::Result<()> {
    let bytes = read(site, file)?;
    // The chain first: it says which log this is.
    let entries = verify(&bytes, &heads).map_err(|fault| broken(&fault))?;
    // The tool may have been here before the gateway.
    let begun = entries.iter().find(|entry| entry.what == BEGIN);
    let Some((begun, last)) = begun.zip(entries.last()) else {
        let what = "no gateway has begun this log";
        return Err(Failure::new(what, "look for a copy of it").into());
    };
    let kept = kept(site, &begun.target).await?;
    let note = match &kept {
        Some(head) => format!("the registry's head is entry {}", head.sequence),
        None => "without the registry: an end that was cut off is only noticed with --head".into(),
    };
    heads.extend(kept);
    verify(&bytes, &heads).map_err(|fault| broken(&fault))?;
    let (count, head) = (entries.len(), last.head().to_string());
    if json {
        return term::json(&json!({ "entries": count, "head": head, "against": heads.len() }));
    }
    term::note(&note);
    term::say(&format!("all {count} entries are as written; head {head}"));
    Ok(())
}

/// Returns the head that the registry keeps of a log; `None` where only a gateway is known.
async fn kept(site: &Site, log: &str) -> anyhow::Result<Option<Head>> {
    let location = site.registry_location(Workspace::find().ok().as_ref())?;
    if is_gateway(&location) {
        return Ok(None);
    }
    let head = Registry::open(&location)?.audit_head(log).await?.ok_or_else(|| {
        let what = format!("the registry has no head of log {log}");
        Failure::new(what, "this log is of another site, or was made anew: compare with a copy")
    })?;
    Ok(Some(Head { sequence: head.sequence, hash: head.hash }))
}

fn list(bytes: &[u8], limit: usize, json: bool) -> anyhow::Result<()> {
    let entries = verify(bytes, &[]).map_err(|fault| broken(&fault))?;
    let newest = &entries[entries.len().saturating_sub(limit)..];
    if json {
        return term::json(&newest);
    }
    for Entry { sequence, at, who, what, target, outcome, .. } in newest {
        term::say(&format!("{sequence:>5}  {at}  {what} {target}, by {who}: {outcome}"));
    }
    Ok(())
}

fn read(site: &Site, file: Option<PathBuf>) -> anyhow::Result<Vec<u8>> {
    let file = match file {
        Some(file) => file,
        None => site.data_dir(Workspace::find().ok().as_ref())?.join(GATEWAY_DATA).join(FILE),
    };
    let none = || format!("there is no log {}: give --file", file.display());
    std::fs::read(&file).with_context(none)
}

fn broken(fault: &audit::Fault) -> Failure {
    let advice = "everything before it is as written; compare what follows with a copy";
    Failure::new(fault.to_string(), advice)
}

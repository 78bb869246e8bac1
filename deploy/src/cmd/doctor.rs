//! `doctor`: what is wrong with this machine or with a running site, and what to do.

use serde_json::json;

use crate::{
    cli::Site,
    doctor::{Finding, State, machine, site},
    releases::is_gateway,
    term,
    up::state,
    workspace::Workspace,
};

/// Look at this machine and at a running site, and say what to do
///
/// The site is the one that runs on the data, or the gateway that --registry or --url names. Each version
/// that its pages may load is fetched whole and checked as a browser does. Changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The site to look at
    #[arg(long)]
    url: Option<String>,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// Returns whether nothing is wrong.
pub(crate) async fn run(args: Args, options: Site) -> anyhow::Result<bool> {
    let Args { url, json } = args;
    let workspace = Workspace::find().ok();
    let data = options.data_dir(workspace.as_ref())?;
    let running = state::running(&data);
    let mut found = machine::look(workspace.as_ref(), &data, running.is_some());
    let gateway = options.registry.filter(|location| is_gateway(location));
    let here = running.as_ref().map(|running| running.url.clone());
    match url.or(gateway).or_else(|| here.clone()) {
        Some(url) => {
            // Another site's processes are not here.
            let running = running.as_ref().filter(|_| here.as_ref() == Some(&url));
            found.extend(site::look(&url, running).await?);
        }
        None => term::note("no site runs on the data; the machine only"),
    }
    let wrong = found.iter().filter(|finding| finding.state == State::Wrong).count();
    if json {
        term::json(&json!({"wrong": wrong, "findings": found}))?;
    } else {
        found.iter().map(Finding::line).for_each(|line| term::say(&line));
        term::say(&match wrong {
            0 => "nothing is wrong".to_owned(),
            wrong => format!("{} wrong", term::count(wrong, "thing")),
        });
    }
    Ok(wrong == 0)
}

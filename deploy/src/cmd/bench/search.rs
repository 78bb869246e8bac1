//! How good and how fast search is: runs the search service's own measuring programs.

use std::process::Command;

use crate::{
    cli::Site,
    failure::Failure,
    term,
    tools::{Cache, model},
    up::state,
    workspace::Workspace,
};

const STORIES: &str = "mfe-stories/service/stories.jsonl";
const QUERIES: &str = "mfe-search/service/queries";

/// Prints nDCG@10 and recall@10 by kind of query and way to search; `queries` names another file of labelled
/// queries than those that were used for tuning and those that were kept for checking it.
pub(super) fn quality(
    workspace: &Workspace,
    queries: Option<&str>,
    each: bool,
) -> anyhow::Result<()> {
    let ours = ["tuning", "validation"].map(|name| format!("{QUERIES}/{name}.jsonl"));
    let files = queries.map_or_else(|| ours.to_vec(), |file| vec![file.to_owned()]);
    for file in &files {
        term::say(file);
        let mut arguments = vec![STORIES, file.as_str()];
        arguments.extend(each.then_some("--each"));
        run(workspace, "search-quality", &arguments)?;
    }
    Ok(())
}

/// Prints the times of searches over so many stories.
pub(super) fn latency(workspace: &Workspace, stories: u32) -> anyhow::Result<()> {
    let queries = format!("{QUERIES}/validation.jsonl");
    run(workspace, "search-latency", &[STORIES, &queries, &stories.to_string()])
}

/// Prints the times of searches on a running site, through its gateway. Answers from the cache do not count.
pub(super) fn on_site(
    workspace: &Workspace,
    site: &Site,
    url: Option<String>,
) -> anyhow::Result<()> {
    let data = site.data_dir(Some(workspace))?;
    let url = url.or_else(|| state::running(&data).map(|running| running.url));
    let Some(url) = url else {
        let advice = "start one with `cargo asterism up --release`, or leave --gateway out";
        return Err(Failure::new("no site runs on the data", advice).into());
    };
    run(workspace, "search-over-http", &[&url, &format!("{QUERIES}/validation.jsonl")])
}

fn run(workspace: &Workspace, example: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let model = model::ensure(&Cache::find()?)?;
    let mut cargo = Command::new("cargo");
    cargo
        .args([
            "run",
            "--quiet",
            "--release",
            "-p",
            "mfe-search-service",
            "--example",
            example,
            "--",
        ])
        .args(arguments)
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .envs(model.env());
    let status = cargo.status()?;
    anyhow::ensure!(status.success(), "{example} ended with {status}");
    Ok(())
}

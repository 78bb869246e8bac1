//! `attack`: requests that nobody expects, against every API of a site, none of which may be answered by a 5xx.

mod report;
mod schemathesis;

use std::{path::Path, process::Stdio};

use anyhow::Context;
use report::{Report, read};
use schemathesis::{Attack, Attacker};
use serde_json::Value;
use service_kit::{ACCOUNT, EDGE, ROLES, SESSION, outbox::EVENTS};

use crate::{
    cmd::bench::OwnSite,
    term,
    tools::{self, Cache},
    up::{KEY, key, state},
    workspace::Workspace,
};

/// Send each service and the gateway requests that nobody expects
///
/// Starts a site of its own, makes requests of each `/openapi.json` with schemathesis, as nobody, as an
/// administrator and as a program of the site, and fails when any is answered by a 5xx or not at all.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Random requests for each operation, beside those at the limits of each field
    #[arg(long, default_value_t = 10)]
    examples: u32,
    /// Begins the random numbers
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Take what was built last, changed or not
    #[arg(long)]
    no_build: bool,
}

/// Returns whether all requests were answered, and none by a 5xx.
pub(crate) async fn run(args: Args) -> anyhow::Result<bool> {
    let workspace = Workspace::find()?;
    let program = tools::schemathesis::ensure(&Cache::find()?)?;
    let home = workspace.target.join("asterism/attack");
    if home.exists() {
        // What an attack before stored would make other answers of the same requests.
        std::fs::remove_dir_all(&home)?;
    }
    let data = home.join("data");
    let options: &[&str] = if args.no_build { &["--no-build"] } else { &[] };
    let site = OwnSite::start(&workspace, &data, options, Stdio::inherit()).await?;
    let attacker = Attacker::new(program, home, args.examples, args.seed)?;
    let attacked = all(&attacker, &data).await;
    site.end().await?;
    attacked
}

async fn all(attacker: &Attacker, data: &Path) -> anyhow::Result<bool> {
    let running = state::running(data).context("the site has ended")?;
    line(&["program", "as", "operations", "requests", "5xx", "no answer", "other findings"]);
    let mut sound = true;
    for process in running.processes {
        let url = format!("http://127.0.0.1:{}", process.port);
        let api: Value = reqwest::get(format!("{url}/openapi.json")).await?.json().await?;
        for (role, headers, only) in roles(data, &process.name, &api)? {
            let attack = Attack { name: &process.name, role, url: &url, headers, only, api: &api };
            let report = read(&attacker.attack(&attack)?)?;
            show(&process.name, role, &report);
            sound &= report.is_sound();
        }
    }
    Ok(sound)
}

/// As whom a program is attacked: the headers, and the only path where not all are.
type Role = (&'static str, Vec<(&'static str, String)>, Option<&'static str>);

fn roles(data: &Path, name: &str, api: &Value) -> anyhow::Result<Vec<Role>> {
    if api["paths"].as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(Vec::new());
    }
    let mut roles = vec![("nobody", Vec::new(), None)];
    if name == "gateway" {
        let key = std::fs::read_to_string(data.join(KEY))?;
        let headers = vec![
            ("authorization", format!("Bearer {}", key.trim())),
            ("sec-fetch-site", "same-origin".to_owned()),
        ];
        roles.push(("operator", headers, None));
        return Ok(roles);
    }
    let edge = key::role_of(data, "edge").context("the site has no edge key")?;
    let of = |name: &'static str, value: &str| (name, value.to_owned());
    let admin =
        vec![of(EDGE, &edge), of(ROLES, "admin"), of(ACCOUNT, "attack"), of(SESSION, "attack")];
    roles.push(("admin", admin, None));
    if api["paths"].get(EVENTS).is_some() {
        roles.push(("program", vec![of(EDGE, &edge)], Some(EVENTS)));
    }
    Ok(roles)
}

fn show(name: &str, role: &str, report: &Report) {
    let findings: Vec<String> =
        report.findings.iter().map(|(what, count)| format!("{what} {count}")).collect();
    let findings = if findings.is_empty() { "none".to_owned() } else { findings.join(", ") };
    line(&[
        name,
        role,
        &report.operations.len().to_string(),
        &report.requests.to_string(),
        &report.failed.len().to_string(),
        &report.unanswered.len().to_string(),
        &findings,
    ]);
    for what in report.failed.iter().chain(&report.unanswered) {
        term::say(&format!("    {what}"));
    }
}

fn line([program, role, operations, requests, failed, unanswered, findings]: &[&str; 7]) {
    term::say(&format!(
        "{program:<11} {role:<9} {operations:>10} {requests:>8} {failed:>4} {unanswered:>9}  {findings}"
    ));
}

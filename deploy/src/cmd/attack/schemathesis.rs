//! Running schemathesis.

use std::{path::PathBuf, process::Command};

use serde_json::Value;

use crate::{process, term::Step};

const HOOKS: &str = include_str!("../../../templates/attack/hooks.py");
/// A program that does not answer for so long has failed, seconds.
const TIMEOUT: &str = "20";
const STREAM: &str = "text/event-stream";

/// What attacks, and how.
#[derive(Debug)]
pub(super) struct Attacker {
    program: PathBuf,
    home: PathBuf,
    config: PathBuf,
    examples: u32,
    seed: u64,
}

/// What is attacked, and as whom.
#[derive(Debug)]
pub(super) struct Attack<'a> {
    pub(super) name: &'a str,
    pub(super) role: &'a str,
    pub(super) url: &'a str,
    pub(super) headers: Vec<(&'static str, String)>,
    /// The only path, where not all are.
    pub(super) only: Option<&'a str>,
    pub(super) api: &'a Value,
}

impl Attacker {
    pub(super) fn new(
        program: PathBuf,
        home: PathBuf,
        examples: u32,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let (hooks, config) = (home.join("hooks.py"), home.join("schemathesis.toml"));
        process::write(&hooks, HOOKS)?;
        // Nobody is to wait: a long poll takes as long as it is asked to.
        let text = format!("hooks = {hooks:?}\n[parameters]\n\"query.wait\" = 0\n");
        process::write(&config, text)?;
        Ok(Self { program, home, config, examples, seed })
    }

    /// Attacks, and returns the file with what happened.
    pub(super) fn attack(&self, attack: &Attack<'_>) -> anyhow::Result<PathBuf> {
        let Attack { name, role, url, headers, only, api } = attack;
        let step = Step::begin(format!("Attacking {name} as {role}"));
        let report = self.home.join(format!("{name}-{role}.ndjson"));
        let mut command = Command::new(&self.program);
        // It writes what it found to where it runs, with the headers that it sent: keys among them.
        command.current_dir(&self.home);
        command.arg("--config-file").arg(&self.config).args(["--no-color", "run"]);
        command.arg(format!("{url}/openapi.json"));
        command.args(["--phases", "examples,coverage,fuzzing", "--checks", "all"]);
        // Shrinking and stopping at the first finding would hide what comes after it.
        command.args(["--continue-on-failure", "--no-shrink", "--suppress-health-check", "all"]);
        command.args(["--request-timeout", TIMEOUT, "--generation-database", "none"]);
        command.args(["--max-examples", &self.examples.to_string()]);
        command.args(["--seed", &self.seed.to_string(), "--report", "ndjson"]);
        command.arg("--report-ndjson-path").arg(&report);
        for (header, value) in headers {
            command.args(["--header", &format!("{header}: {value}")]);
        }
        match only {
            Some(path) => drop(command.args(["--include-path", path])),
            None => {
                for path in endless(api) {
                    command.args(["--exclude-path", path]);
                }
            }
        }
        // It fails with every finding; which of them count is told by the report.
        process::watch(command, &self.log(name, role), |line| step.detail(line))?;
        step.done("");
        Ok(report)
    }

    fn log(&self, name: &str, role: &str) -> PathBuf {
        self.home.join(format!("{name}-{role}.log"))
    }
}

/// Returns the paths that answer with nothing but events, and so never end.
fn endless(api: &Value) -> Vec<&str> {
    let streams = |operation: &Value| {
        let content = operation["responses"]["200"]["content"].as_object();
        content
            .is_some_and(|content| !content.is_empty() && content.keys().all(|kind| kind == STREAM))
    };
    let paths = api["paths"].as_object().into_iter().flatten();
    let endless = paths.filter(|(_, operations)| {
        operations.as_object().is_some_and(|operations| operations.values().any(streams))
    });
    endless.map(|(path, _)| path.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::endless;

    #[test]
    fn only_what_never_ends_is_left_out() {
        let answers = |kinds: &[&str]| {
            let content: serde_json::Map<_, _> =
                kinds.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect();
            json!({ "get": { "responses": { "200": { "content": content } } } })
        };
        let api = json!({ "paths": {
            "/follow": answers(&["text/event-stream"]),
            "/both": answers(&["text/event-stream", "application/json"]),
            "/plain": answers(&["application/json"]),
            "/nothing": answers(&[]),
        }});
        assert_eq!(endless(&api), ["/follow"]);
    }
}

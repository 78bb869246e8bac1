//! What an attack found, from schemathesis' events: one JSON object a line.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context, ensure};
use serde_json::Value;

/// What happened.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    /// Those that were tried.
    pub(super) operations: BTreeSet<String>,
    pub(super) requests: usize,
    /// Operations and their 5xx, each once.
    pub(super) failed: BTreeSet<String>,
    /// Operations that did not answer.
    pub(super) unanswered: BTreeSet<String>,
    /// Where answers differ from the description, by kind; they are shown and do not count.
    pub(super) findings: BTreeMap<String, usize>,
}

impl Report {
    /// Tells whether everything was answered, and nothing by a 5xx.
    pub(super) fn is_sound(&self) -> bool {
        self.failed.is_empty() && self.unanswered.is_empty()
    }
}

/// Reads the events.
pub(super) fn read(file: &Path) -> anyhow::Result<Report> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("schemathesis wrote no {}", file.display()))?;
    let report = of(&text)?;
    // An attack that was never made finds nothing either.
    ensure!(
        report.requests > 0,
        "schemathesis made no request: read the log beside {}",
        file.display()
    );
    Ok(report)
}

fn of(text: &str) -> anyhow::Result<Report> {
    let mut report = Report::default();
    for line in text.lines() {
        let event: Value = serde_json::from_str(line)?;
        let recorder = &event["ScenarioFinished"]["recorder"];
        let Some(operation) = recorder["label"].as_str() else { continue };
        for interaction in values(&recorder["interactions"]) {
            report.requests += 1;
            report.operations.insert(operation.to_owned());
            match interaction["response"]["status_code"].as_u64() {
                None => drop(report.unanswered.insert(format!("{operation}: no answer"))),
                Some(status @ 500..) => {
                    report.failed.insert(format!("{operation}: {status}"));
                }
                Some(_) => {}
            }
        }
        let checks = values(&recorder["checks"]).filter_map(Value::as_array).flatten();
        for check in checks.filter(|check| check["status"] == "failure") {
            let name = check["name"].as_str().unwrap_or("a check without a name");
            *report.findings.entry(name.to_owned()).or_default() += 1;
        }
    }
    Ok(report)
}

fn values(object: &Value) -> impl Iterator<Item = &Value> {
    object.as_object().into_iter().flat_map(|object| object.values())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of;

    #[test]
    fn server_errors_and_silence_count_and_the_rest_is_told() {
        let scenario = |interactions: &[serde_json::Value]| {
            let interactions: serde_json::Map<_, _> = interactions
                .iter()
                .enumerate()
                .map(|(n, response)| (n.to_string(), json!({ "response": response })))
                .collect();
            let checks = json!({ "0": [
                { "name": "not_a_server_error", "status": "success" },
                { "name": "status_code_conformance", "status": "failure" },
            ]});
            let recorder =
                json!({ "label": "GET /a", "interactions": interactions, "checks": checks });
            json!({ "ScenarioFinished": { "recorder": recorder } }).to_string()
        };
        let answer = |status| json!({ "status_code": status });
        let other = json!({ "SuiteStarted": {} }).to_string();
        let well = [other, scenario(&[answer(200), answer(422)])].join("\n");
        let report = of(&well).unwrap();
        assert!(report.is_sound());
        assert_eq!((report.requests, report.operations.len()), (2, 1));
        assert_eq!(report.findings["status_code_conformance"], 1);
        let report = of(&scenario(&[answer(503), answer(500), json!(null)])).unwrap();
        assert_eq!(report.failed.len(), 2);
        assert_eq!(report.unanswered.len(), 1);
        assert!(!report.is_sound());
    }
}

//! Whether answers are right: labelled questions, asked one after the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Context;
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;

use super::{client::Visitor, site::Asked};
use crate::{cli::Site, term, workspace::Workspace};

const QUESTIONS: &str = "mfe-ask/service/questions";

#[derive(Debug, Deserialize)]
struct Labelled {
    #[serde(default)]
    kind: String,
    query: String,
    /// Asked before it, in the same conversation.
    #[serde(default)]
    before: Option<String>,
    #[serde(default = "ask")]
    surface: String,
    /// Grades by story.
    #[serde(default)]
    relevant: BTreeMap<String, u8>,
    expect: Value,
}

fn ask() -> String {
    "ask".to_owned()
}

/// Counts of a file.
#[derive(Debug, Default)]
struct Counts {
    /// What was to be refused as what, and what was.
    guard: BTreeMap<(String, String), u32>,
    /// By kind of question: how many were met, of how many.
    met: BTreeMap<String, (u32, u32)>,
    sentences: u32,
    unsupported: u32,
    failed: Vec<String>,
}

/// Asks and prints; a file of one's own in place of ours.
pub(crate) async fn run(
    workspace: &Workspace,
    site: &Site,
    url: Option<String>,
    questions: Option<String>,
    each: bool,
) -> anyhow::Result<()> {
    let asked = Asked::find(workspace, site, url).await?;
    let ours = ["golden-dev", "guard", "answers"].map(|name| format!("{QUESTIONS}/{name}.jsonl"));
    let files = questions.map_or_else(|| ours.to_vec(), |file| vec![file]);
    let mut stories = HashMap::new();
    for file in files {
        let path = workspace.root.join(&file);
        let text = std::fs::read_to_string(&path).with_context(|| format!("no {file}"))?;
        let mut counts = Counts::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let labelled: Labelled =
                serde_json::from_str(line).with_context(|| format!("{file}: {line}"))?;
            one(&asked.url, &labelled, &mut stories, &mut counts).await?;
        }
        print(&file, &counts, each);
    }
    asked.end().await
}

async fn one(
    url: &str,
    labelled: &Labelled,
    stories: &mut HashMap<String, Value>,
    counts: &mut Counts,
) -> anyhow::Result<()> {
    if labelled.surface != "ask" {
        return Ok(());
    }
    let client = Client::new();
    let mut visitor = Visitor::new(&client, url);
    if let Some(before) = &labelled.before {
        visitor.ask(before).await?;
    }
    let answer = visitor.ask(&labelled.query).await?;
    let expected = match &labelled.expect {
        Value::String(kind) => kind.clone(),
        expect => expect["refuse"].as_str().unwrap_or("pass").to_owned(),
    };
    let refusal = answer["refusal"]["kind"].as_str().filter(|kind| *kind != "low_confidence");
    let got = refusal.unwrap_or("pass").to_owned();
    *counts.guard.entry((expected.clone(), got.clone())).or_default() += 1;
    let mut missing = Vec::new();
    if expected != got {
        missing.push(format!("guard: {got}, not {expected}"));
    }
    let cited = supported(&client, url, &answer, stories, counts).await?;
    if labelled.expect.is_object() && expected == "pass" {
        let wrong = wrong(labelled, &answer, &cited);
        let (met, all) = counts.met.entry(labelled.kind.clone()).or_default();
        *all += 1;
        *met += u32::from(wrong.is_empty());
        missing.extend(wrong);
    }
    if !missing.is_empty() {
        counts.failed.push(format!("{}: {}", labelled.query, missing.join("; ")));
    }
    Ok(())
}

/// Counts the sentences and those whose quote is not in their story; returns the cited stories.
async fn supported(
    client: &Client,
    url: &str,
    answer: &Value,
    stories: &mut HashMap<String, Value>,
    counts: &mut Counts,
) -> anyhow::Result<Vec<Value>> {
    let mut cited = Vec::new();
    let ids = answer["sources"].as_array().into_iter().flatten();
    for id in ids.filter_map(|source| source["id"].as_str()) {
        if !stories.contains_key(id) {
            let story = client.get(format!("{url}/api/stories/{id}")).send().await?;
            stories.insert(id.to_owned(), story.error_for_status()?.json().await?);
        }
        cited.extend(stories.get(id).cloned());
    }
    for sentence in answer["sentences"].as_array().into_iter().flatten() {
        counts.sentences += 1;
        let story = sentence["story"].as_str().and_then(|id| stories.get(id));
        let quote = sentence["quote"].as_str().unwrap_or_default();
        let says = story.is_some_and(|story| !quote.is_empty() && says(story, quote));
        counts.unsupported += u32::from(!says);
    }
    Ok(cited)
}

/// Tells whether a text stands anywhere in a value.
fn says(value: &Value, text: &str) -> bool {
    match value {
        Value::String(said) => said.contains(text),
        Value::Array(values) => values.iter().any(|value| says(value, text)),
        Value::Object(fields) => fields.values().any(|value| says(value, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns what an answer lacks.
fn wrong(labelled: &Labelled, answer: &Value, cited: &[Value]) -> Vec<String> {
    let expect = &labelled.expect;
    let mut wrong = Vec::new();
    if expect["low_confidence"] == true {
        if answer["confidence"] == "high" {
            wrong.push("trusted".to_owned());
        }
        return wrong;
    }
    let grade = |story: &Value| story["id"].as_str().and_then(|id| labelled.relevant.get(id));
    if !cited.iter().any(|story| grade(story).is_some_and(|grade| *grade >= 2)) {
        wrong.push("no relevant story is cited".to_owned());
    }
    let text = answer["answer"].as_str().unwrap_or_default();
    for fact in expect["answer_contains"].as_array().into_iter().flatten() {
        if !fact.as_str().is_some_and(|fact| text.contains(fact)) {
            wrong.push(format!("without {fact}"));
        }
    }
    for field in ["client", "project", "division"] {
        let wanted = &expect[field];
        if !wanted.is_null() && !cited.iter().all(|story| story[field] == *wanted) {
            wrong.push(format!("not only {wanted}"));
        }
    }
    let named = cited.iter().filter(|story| story["client_kind"] == "named");
    let clients: BTreeSet<_> = named.filter_map(|story| story["client"].as_str()).collect();
    if expect["min_clients"].as_u64().is_some_and(|least| (clients.len() as u64) < least) {
        wrong.push(format!("{} clients", clients.len()));
    }
    wrong
}

fn print(file: &str, counts: &Counts, each: bool) {
    term::say(file);
    let right: u32 = counts.guard.iter().filter(|((e, g), _)| e == g).map(|(_, n)| n).sum();
    let all: u32 = counts.guard.values().sum();
    term::say(&format!("  guard {}", share(right, all)));
    let kinds: BTreeSet<_> = counts.guard.keys().flat_map(|(e, g)| [e, g]).collect();
    let cells = |of: &dyn Fn(&str) -> String| -> String {
        kinds.iter().map(|kind| format!("{:>14}", of(kind))).collect()
    };
    term::say(&format!("    {:<14}{}", "expected", cells(&|kind| kind.to_owned())));
    for expected in &kinds {
        let row = cells(&|got| {
            let key = ((*expected).clone(), got.to_owned());
            counts.guard.get(&key).copied().unwrap_or(0).to_string()
        });
        term::say(&format!("    {expected:<14}{row}"));
    }
    for (kind, (met, all)) in &counts.met {
        term::say(&format!("  {kind:<14} {}", share(*met, *all)));
    }
    term::say(&format!("  sentences {}, unsupported {}", counts.sentences, counts.unsupported));
    if each {
        for failed in &counts.failed {
            term::say(&format!("  - {failed}"));
        }
    }
}

fn share(part: u32, all: u32) -> String {
    format!("{part}/{all} ({:.1} %)", f64::from(part) * 100.0 / f64::from(all.max(1)))
}

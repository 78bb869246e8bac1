//! Prints how the questions of a golden file are answered, and how many rest on an expected story.
//!
//! `cargo run -p mfe-ask-service --example eval -- stories.jsonl golden.jsonl`

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::{
    collections::BTreeMap,
    env, fs,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use mfe_ask_api::Confidence;
use mfe_ask_service::{Corpus, Question, Snapshot, Story, answer};
use serde::{Deserialize, de::DeserializeOwned};

#[derive(Deserialize)]
struct Golden {
    id: String,
    kind: String,
    query: String,
    surface: String,
    relevant: BTreeMap<String, u8>,
    expect: Expect,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Expect {
    refuse: Option<String>,
    low_confidence: bool,
    min_clients: usize,
    answer_contains: Vec<String>,
    client: Option<String>,
}

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let stories: Vec<Story> = lines(&arguments.next().context("give the stories file")?)?;
    let golden: Vec<Golden> = lines(&arguments.next().context("give the golden file")?)?;
    let corpus = Corpus::new(stories);
    let (mut met, mut all, mut slowest) = (0, 0, Duration::ZERO);
    for case in golden.iter().filter(|case| case.surface == "ask") {
        let question = Question { text: case.query.clone(), ..Question::default() };
        let started = Instant::now();
        let reply = answer(&corpus, &question);
        slowest = slowest.max(started.elapsed());
        let missing = missing(case, &reply);
        all += 1;
        met += usize::from(missing.is_empty());
        println!(
            "== {} {}: {}\n{:?} {:.2}",
            case.id, case.kind, case.query, reply.confidence, reply.coverage
        );
        for source in &reply.sources {
            let grade = case.relevant.get(&source.id).copied().unwrap_or(0);
            println!("  {:7.2} {grade} {}", source.score, source.id);
        }
        println!("{}", reply.text);
        match missing.is_empty() {
            true => println!("-> met\n"),
            false => println!("-> MISSED: {}\n", missing.join("; ")),
        }
    }
    println!("{met} of {all} met; slowest answer {slowest:?}\n\nstarters:");
    for starter in Snapshot::new(corpus).starters {
        println!("  {starter}");
    }
    Ok(())
}

fn lines<T: DeserializeOwned>(path: &str) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let parsed: Result<_, _> = text.lines().map(serde_json::from_str).collect();
    parsed.with_context(|| format!("cannot understand {path}"))
}

fn missing(case: &Golden, reply: &mfe_ask_service::Reply) -> Vec<String> {
    let Expect { refuse, low_confidence, min_clients, answer_contains, client } = &case.expect;
    let mut missing = Vec::new();
    let mut need = |met: bool, what: String| {
        if !met {
            missing.push(what);
        }
    };
    let grade = |id: &str| case.relevant.get(id).copied().unwrap_or(0);
    let clients: std::collections::BTreeSet<_> = reply.sources.iter().map(|s| &s.client).collect();
    if let Some(kind) = refuse {
        need(reply.confidence == Confidence::None, format!("refuse {kind}"));
        return missing;
    }
    if *low_confidence {
        need(reply.confidence != Confidence::High, "low confidence".to_owned());
        return missing;
    }
    need(reply.sources.iter().any(|s| grade(&s.id) >= 2), "an expected story".to_owned());
    need(clients.len() >= *min_clients, format!("{min_clients} clients"));
    for text in answer_contains {
        need(reply.text.contains(text), format!("the text {text}"));
    }
    if let Some(client) = client {
        need(clients.iter().all(|c| *c == client), format!("only {client}"));
    }
    missing
}

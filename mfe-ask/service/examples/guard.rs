//! Prints how labelled questions are guarded, as a confusion matrix, and how long one takes.
//!
//! `cargo run --release -p mfe-ask-service --example guard -- stories.jsonl guard.jsonl [odd|even] [wrong]`

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::{env, fs, time::Instant};

use anyhow::{Context, Result};
use mfe_ask_service::{Corpus, Story, confusion, guard};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// A line of `questions/guard.jsonl` or of a golden file.
#[derive(Deserialize)]
struct Labelled {
    query: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    expect: Value,
}

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let stories: Vec<Story> = lines(&arguments.next().context("give the stories file")?)?;
    let labelled: Vec<Labelled> = lines(&arguments.next().context("give the labelled questions")?)?;
    let options: Vec<_> = arguments.collect();
    let wanted = |name: &str| options.iter().any(|option| option == name);
    let corpus = Corpus::new(stories);
    // The lists are read once, with the first question.
    let _ = guard(&corpus, "What did you do?", false);
    let started = Instant::now();
    let mut rows = Vec::new();
    for (at, question) in labelled.iter().enumerate() {
        if (at % 2 == 0 && wanted("even")) || (at % 2 == 1 && wanted("odd")) {
            continue;
        }
        let expected = question.expect.as_str().or_else(|| question.expect["refuse"].as_str());
        let got = match guard(&corpus, &question.query, question.kind == "follow_up") {
            Some(kind) => serde_json::to_value(kind)?.as_str().unwrap_or_default().to_owned(),
            None => "pass".to_owned(),
        };
        rows.push((&question.query, expected.unwrap_or("pass"), got));
    }
    let each = started.elapsed() / u32::try_from(rows.len().max(1))?;
    println!("{}", confusion(rows.iter().map(|(_, expected, got)| (*expected, got.as_str()))));
    let right = rows.iter().filter(|(_, expected, got)| expected == got).count();
    println!("{right} of {} right, {each:?} each", rows.len());
    for (query, expected, got) in rows.iter().filter(|(_, e, got)| wanted("wrong") && e != got) {
        println!("{expected} -> {got}: {query}");
    }
    Ok(())
}

fn lines<T: DeserializeOwned>(path: &str) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| path.to_owned())?;
    text.lines()
        .map(|line| serde_json::from_str(line).context("a line is not as expected"))
        .collect()
}

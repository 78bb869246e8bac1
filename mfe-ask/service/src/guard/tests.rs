use serde::Deserialize;

use super::{confusion, guard, message};
use crate::{Corpus, Story};
use mfe_ask_api::RefusalKind;

#[derive(Deserialize)]
struct Case {
    query: String,
    #[serde(default)]
    kind: String,
    expect: serde_json::Value,
}

fn lines<T: for<'a> Deserialize<'a>>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stories() -> Vec<Story> {
    lines(include_str!("../../../../mfe-stories/service/stories.jsonl"))
}

fn name(kind: Option<RefusalKind>) -> String {
    kind.map_or("pass".to_owned(), |k| {
        serde_json::to_value(k).unwrap().as_str().unwrap().to_owned()
    })
}

#[test]
#[ignore = "dev"]
fn dev() {
    let corpus = Corpus::new(stories());
    let even = std::env::var("HALF").map_or(true, |h| h == "even");
    let quiet = std::env::var("QUIET").is_ok();
    let mut rows = Vec::new();
    for (at, case) in
        lines::<Case>(include_str!("../../questions/guard.jsonl")).into_iter().enumerate()
    {
        if (at % 2 == 1) != even {
            continue;
        }
        let got = name(guard(&corpus, &case.query, false));
        let want = case.expect.as_str().unwrap().to_owned();
        if got != want && !quiet {
            println!("G {want:>12} -> {got:<12} {}", case.query);
        }
        rows.push((want, got));
    }
    println!("{}", confusion(rows.iter().map(|(a, b)| (a.as_str(), b.as_str()))));
    println!("{}/{}", rows.iter().filter(|(a, b)| a == b).count(), rows.len());
    for (file, text) in [
        ("golden", include_str!("../../questions/golden-dev.jsonl")),
        ("valid", include_str!("../../../../mfe-search/service/queries/validation.jsonl")),
    ] {
        for case in lines::<Case>(text) {
            let want = case.expect["refuse"].as_str().unwrap_or("pass");
            let got = name(guard(&corpus, &case.query, false));
            if got != want {
                println!("{file} {want} -> {got} {} {}", case.kind, case.query);
            }
        }
    }
    let started = std::time::Instant::now();
    let mut n = 0;
    for q in stories().iter().flat_map(|s| &s.interview_questions) {
        n += 1;
        let got = guard(&corpus, q, false);
        if got.is_some() {
            println!("interview {got:?} {q}");
        }
    }
    println!("{n} {:?}", started.elapsed());
    if let Ok(text) = std::fs::read_to_string("/tmp/w/questions/answers.jsonl") {
        for v in lines::<serde_json::Value>(&text) {
            let q = v["query"].as_str().or(v["question"].as_str()).unwrap_or_default();
            let got = guard(&corpus, q, v["kind"] == "follow_up");
            if got.is_some() {
                println!("answers {got:?} {} {q}", v["kind"]);
            }
        }
    }
}

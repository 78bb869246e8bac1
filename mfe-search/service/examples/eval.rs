//! Prints how good the ranking is on a corpus and its golden queries.
//!
//! ```text
//! cargo run -p mfe-search-service --example eval -- stories.jsonl golden.jsonl
//! ```

#![expect(clippy::print_stdout, reason = "numbers are what this prints")]

use std::{collections::BTreeMap, fs};

use anyhow::Context;
use contract::{Change, ChangeKind, FeedPage};
use mfe_search_api::SearchRequest;
use mfe_search_service::{Index, Snapshot, Story, search};
use serde::Deserialize;
use service_kit::FeedSink;

#[derive(Deserialize)]
struct Golden {
    id: String,
    kind: String,
    query: String,
    surface: String,
    relevant: BTreeMap<String, f64>,
}

#[derive(Default)]
struct Sums {
    queries: f64,
    hit: f64,
    recall: f64,
    ndcg: f64,
    took_ms: f64,
}

impl Sums {
    fn add(&mut self, golden: &Golden, found: &[String], took_ms: f64) {
        let gain = |id: &String| golden.relevant.get(id).copied().unwrap_or_default();
        let discounted = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
            gains.zip(1..).map(|(gain, place)| gain / f64::from(place + 1).log2()).sum()
        };
        let mut ideal: Vec<f64> = golden.relevant.values().copied().collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        let dcg = discounted(&mut found.iter().take(10).map(gain));
        let ideal = discounted(&mut ideal.into_iter().take(10));
        let recalled = found.iter().take(10).filter(|id| golden.relevant.contains_key(*id));
        self.queries += 1.0;
        self.hit += f64::from(found.first().is_some_and(|id| gain(id) >= 3.0));
        self.recall +=
            recalled.map(|_| 1.0).sum::<f64>() / golden.relevant.values().map(|_| 1.0).sum::<f64>();
        self.ndcg += dcg / ideal;
        self.took_ms += took_ms;
    }

    fn print(&self, name: &str) {
        let Self { queries, hit, recall, ndcg, took_ms } = self;
        println!(
            "{name:<14} queries {queries:>3}  hit@1 {:.3}  recall@10 {:.3}  nDCG@10 {:.3}  {:.2} ms",
            hit / queries,
            recall / queries,
            ndcg / queries,
            took_ms / queries,
        );
    }
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut lines = |what| -> anyhow::Result<String> {
        let path = arguments.next().with_context(|| format!("name the {what} file"))?;
        fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))
    };
    let (stories, golden) = (lines("stories")?, lines("golden queries")?);
    let folder = tempfile::tempdir()?;
    let mut index = Index::open(folder.path())?;
    fill(&mut index, &stories)?;
    let snapshot = index.published().latest();

    let mut by_kind: BTreeMap<String, Sums> = BTreeMap::new();
    let (mut words, mut all) = (Sums::default(), Sums::default());
    for line in golden.lines() {
        let golden: Golden = serde_json::from_str(line)?;
        if golden.surface != "search" {
            continue;
        }
        let (found, took_ms) = ask(&snapshot, &golden)?;
        by_kind.entry(golden.kind.clone()).or_default().add(&golden, &found, took_ms);
        if ["exact-title", "keyword"].contains(&golden.kind.as_str()) {
            words.add(&golden, &found, took_ms);
        }
        all.add(&golden, &found, took_ms);
    }
    for (kind, sums) in &by_kind {
        sums.print(kind);
    }
    words.print("title+keyword");
    all.print("all search");
    Ok(())
}

fn fill(index: &mut Index, stories: &str) -> anyhow::Result<()> {
    let mut changes = Vec::new();
    for line in stories.lines() {
        let story: Story = serde_json::from_str(line)?;
        changes.push(Change { id: story.id.clone(), kind: ChangeKind::Upsert, value: Some(story) });
    }
    let page = FeedPage { changes, cursor: "eval".to_owned(), more: false };
    index.apply(page).map_err(anyhow::Error::from_boxed)
}

fn ask(snapshot: &Snapshot, golden: &Golden) -> anyhow::Result<(Vec<String>, f64)> {
    let request =
        SearchRequest { query: golden.query.clone(), top_k: 100, ..SearchRequest::default() };
    let response = search(snapshot, &request)?;
    let found: Vec<String> = response.results.into_iter().map(|hit| hit.id).collect();
    let places: Vec<String> = golden
        .relevant
        .keys()
        .map(|id| match found.iter().position(|other| other == id) {
            Some(place) => format!("{id} #{}", place + 1),
            None => format!("{id} missing"),
        })
        .collect();
    println!(
        "{} {:<12} {:?} → {:?}, {} found; {}",
        golden.id,
        golden.kind,
        golden.query,
        response.confidence,
        response.total,
        places.join(", ")
    );
    Ok((found, response.took_ms))
}

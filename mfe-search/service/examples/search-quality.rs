//! Prints how good each way to search is on a corpus and its labelled queries.
//!
//! ```text
//! cargo run -p mfe-search-service --example search-quality -- STORIES.jsonl QUERIES.jsonl [--each]
//! ```
//! `ASTERISM_MODEL_DIR` names the model; without it only search by words is measured. `asterism bench
//! search-quality` runs this.

#![expect(clippy::print_stdout, reason = "numbers are what this prints")]

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    sync::Arc,
};

use anyhow::Context;
use contract::{Change, ChangeKind, FeedPage};
use mfe_search_api::{Confidence, Filters, Mode, SearchRequest};
use mfe_search_service::{Embedder, Index, Meaning, MiniLm, Snapshot, Story, Vectors, search};
use serde::Deserialize;
use service_kit::FeedSink;

#[derive(Deserialize)]
struct Labelled {
    id: String,
    kind: String,
    query: String,
    /// Grade by story.
    relevant: BTreeMap<String, f64>,
    #[serde(default)]
    expect: Expect,
}

#[derive(Default, Deserialize)]
struct Expect {
    filters: Option<BTreeMap<String, String>>,
}

#[derive(Default)]
struct Sums {
    queries: f64,
    ndcg: f64,
    recall: f64,
    confidence: BTreeMap<&'static str, u32>,
}

impl Sums {
    fn add(&mut self, ndcg: f64, recall: f64) {
        self.queries += 1.0;
        self.ndcg += ndcg;
        self.recall += recall;
    }
}

fn main() -> anyhow::Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let each = arguments.iter().position(|argument| argument == "--each");
    let each = each.map(|place| arguments.remove(place)).is_some();
    let [stories, queries] = arguments.as_slice() else {
        anyhow::bail!("name the stories' file and the queries' file");
    };
    let read =
        |path: &String| fs::read_to_string(path).with_context(|| format!("cannot read {path}"));
    let (stories, queries) = (read(stories)?, read(queries)?);
    let queries: Vec<Labelled> =
        queries.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let folder = tempfile::tempdir()?;
    let mut index = Index::open(folder.path())?;
    fill(&mut index, &stories)?;
    let snapshot = index.published().latest();
    let meaning = meaning(&snapshot)?;

    let modes = match meaning {
        Some(_) => [Mode::Keyword, Mode::Semantic, Mode::Hybrid].as_slice(),
        None => &[Mode::Keyword],
    };
    for &mode in modes {
        measure(&snapshot, meaning.as_deref(), mode, &queries, each)?;
    }
    Ok(())
}

fn meaning(snapshot: &Snapshot) -> anyhow::Result<Option<Arc<Meaning>>> {
    let Some(folder) = std::env::var_os("ASTERISM_MODEL_DIR") else { return Ok(None) };
    let model = MiniLm::load(Path::new(&folder))?;
    let mut cache = match std::env::var_os("ASTERISM_VECTORS") {
        Some(file) => Some(Vectors::open(Path::new(&file), model.id(), model.dimensions())?),
        None => None,
    };
    let meaning = Meaning::new(Arc::new(model));
    meaning.update(snapshot, cache.as_mut(), || false)?;
    Ok(Some(meaning))
}

fn fill(index: &mut Index, stories: &str) -> anyhow::Result<()> {
    let mut changes = Vec::new();
    for line in stories.lines() {
        let story: Story = serde_json::from_str(line)?;
        changes.push(Change { id: story.id.clone(), kind: ChangeKind::Upsert, value: Some(story) });
    }
    let page = FeedPage { changes, cursor: "bench".to_owned(), more: false };
    index.apply(page).map_err(anyhow::Error::from_boxed)
}

fn measure(
    snapshot: &Snapshot,
    meaning: Option<&Meaning>,
    mode: Mode,
    queries: &[Labelled],
    each: bool,
) -> anyhow::Result<()> {
    let mut kinds: BTreeMap<&str, Sums> = BTreeMap::new();
    let mut all = Sums::default();
    let mut understood = (0, 0);
    for labelled in queries {
        let request =
            SearchRequest { query: labelled.query.clone(), top_k: 10, ..SearchRequest::default() };
        let response = search(snapshot, meaning, mode, &request)?;
        let found: Vec<String> = response.results.into_iter().map(|hit| hit.id).collect();
        let sums = kinds.entry(&labelled.kind).or_default();
        *sums.confidence.entry(word(response.confidence)).or_default() += 1;
        if let Some(expected) = &labelled.expect.filters {
            understood.1 += 1;
            understood.0 += u32::from(is(&response.understood, expected));
        }
        let (ndcg, recall) = quality(&labelled.relevant, &found);
        if !labelled.relevant.is_empty() {
            sums.add(ndcg, recall);
            all.add(ndcg, recall);
        }
        if each {
            let grade = |id: &String| labelled.relevant.get(id).copied().unwrap_or_default();
            let top: Vec<String> =
                found.iter().take(5).map(|id| format!("{id}:{}", grade(id))).collect();
            println!(
                "{mode:?} {} {:<12} {ndcg:.2} {:?} {:?} {:?}",
                labelled.id, labelled.kind, response.confidence, labelled.query, top
            );
        }
    }
    println!("{mode:?}");
    for (kind, sums) in &kinds {
        line(kind, sums);
    }
    line("all", &all);
    if understood.1 > 0 {
        println!("  filters understood    {} of {}", understood.0, understood.1);
    }
    Ok(())
}

fn line(name: &str, sums: &Sums) {
    let Sums { queries, ndcg, recall, confidence } = sums;
    if *queries > 0.0 {
        let (ndcg, recall) = (ndcg / queries, recall / queries);
        print!("  {name:<14} n {queries:>3}  nDCG@10 {ndcg:.3}  recall@10 {recall:.3}");
    } else {
        print!("  {name:<14} n   –  no answer expected           ");
    }
    println!("  confidence {confidence:?}");
}

fn word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Low => "low",
        Confidence::None => "none",
    }
}

fn is(understood: &Filters, expected: &BTreeMap<String, String>) -> bool {
    let Filters { industry, capability, client, role, sub_category, era, theme } = understood;
    let mut values = HashMap::new();
    for (facet, found) in [
        ("industry", industry),
        ("capability", capability),
        ("client", client),
        ("role", role),
        ("sub_category", sub_category),
        ("era", era),
        ("theme", theme),
    ] {
        values.extend(found.iter().map(|value| (facet, value.as_str())));
    }
    let expected = expected.iter().map(|(facet, value)| (facet.as_str(), value.as_str())).collect();
    values == expected
}

/// Returns nDCG@10 (linear gains) and recall@10.
fn quality(relevant: &BTreeMap<String, f64>, found: &[String]) -> (f64, f64) {
    let gain = |id: &String| relevant.get(id).copied().unwrap_or_default();
    let discounted = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
        gains.zip(1..=10).map(|(gain, place)| gain / f64::from(place + 1).log2()).sum()
    };
    let mut ideal: Vec<f64> = relevant.values().copied().collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let (got, best) = (discounted(&mut found.iter().map(gain)), discounted(&mut ideal.into_iter()));
    let recalled: f64 =
        found.iter().take(10).filter(|id| relevant.contains_key(*id)).map(|_| 1.0).sum();
    let all: f64 = relevant.values().map(|_| 1.0).sum();
    if all > 0.0 { (got / best, recalled / all) } else { (0.0, 0.0) }
}

//! Prints how long searches take in this process, for a number of generated stories.
//!
//! ```text
//! cargo run --release -p mfe-search-service --example search-latency -- STORIES.jsonl QUERIES.jsonl COUNT [ADDRESS]
//! ```
//! With an address it then serves those stories there until it is told to stop: put a gateway before it
//! (`ASTERISM_UPSTREAMS=search=http://ADDRESS`) for `asterism bench search-latency --gateway --url …`.
//!
//! Above the number of real stories, further ones are put together from their sentences. Their passages'
//! vectors are those of real passages with noise: embedding a million passages would take a day, and how
//! long a search takes does not depend on what the vectors mean. Queries are embedded for real, and nothing
//! comes from a cache. `asterism bench search-latency` runs this.

#![expect(clippy::print_stdout, reason = "numbers are what this prints")]

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    net::SocketAddr,
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use contract::{Change, ChangeKind, FeedPage};
use mfe_search_api::{Mode, SearchRequest};
use mfe_search_service::{
    AppState, EmbedError, Embedder, Index, Meaning, MiniLm, Published, Story, router, search,
};
use service_kit::{FeedSink, Readiness};

/// Rounds over all queries.
const ROUNDS: usize = 3;
/// Length of the noise, beside vectors of length 1.
const NOISE: f32 = 0.3;

/// The real model, and noise around its vectors for generated stories.
#[derive(Debug)]
struct Generator {
    model: MiniLm,
    real: OnceLock<Vec<Vec<f32>>>,
    is_generating: AtomicBool,
}

impl Embedder for Generator {
    fn id(&self) -> &str {
        "generated"
    }

    fn dimensions(&self) -> usize {
        self.model.dimensions()
    }

    fn knows(&self, word: &str) -> bool {
        self.model.knows(word)
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        match self.real.get().filter(|_| self.is_generating.load(Ordering::Relaxed)) {
            Some(real) => Ok(texts.iter().map(|text| near(real, text)).collect()),
            None => self.model.embed(texts),
        }
    }
}

fn near(real: &[Vec<f32>], text: &str) -> Vec<f32> {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let mut random = Random(hasher.finish() | 1);
    let mut vector = real[random.below(real.len())].clone();
    let scale = NOISE / (vector.len() as f32).sqrt() * 1.7;
    vector.iter_mut().for_each(|number| *number += scale * random.unit());
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|number| *number /= length);
    vector
}

/// xorshift64: the same stories in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap_or_default()
    }

    /// From −1 to 1.
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (stories, queries, count, address) = match arguments.as_slice() {
        [stories, queries, count] => (stories, queries, count, None),
        [stories, queries, count, address] => (stories, queries, count, Some(address.parse()?)),
        _ => anyhow::bail!("name the stories' file, the queries' file and a number of stories"),
    };
    let read =
        |path: &String| fs::read_to_string(path).with_context(|| format!("cannot read {path}"));
    let real: Vec<Story> =
        read(stories)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let count: usize = count.parse()?;
    let queries: Vec<String> = read(queries)?
        .lines()
        .filter_map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).ok()?;
            value["query"].as_str().map(str::to_owned)
        })
        .collect();
    let folder = std::env::var_os("ASTERISM_MODEL_DIR").context("set ASTERISM_MODEL_DIR")?;
    let embedder = Arc::new(Generator {
        model: MiniLm::load(Path::new(&folder))?,
        real: OnceLock::new(),
        is_generating: AtomicBool::new(false),
    });
    let texts: Vec<&str> = real.iter().map(|story| story.summary.as_str()).collect();
    embedder.real.set(embedder.embed(&texts)?).ok();
    embedder.is_generating.store(count > real.len(), Ordering::Relaxed);

    let data = tempfile::tempdir()?;
    let mut index = Index::open(data.path())?;
    let begun = Instant::now();
    let mut random = Random(42);
    let all: Vec<Story> = (0..count)
        .map(|n| real.get(n).cloned().unwrap_or_else(|| generated(&real, n, &mut random)))
        .collect();
    let pages = all.len().div_ceil(200);
    let begun_words = Instant::now();
    for (place, stories) in all.chunks(200).enumerate() {
        apply(&mut index, stories, place + 1 == pages)?;
    }
    let words = begun_words.elapsed();
    drop(all);
    let snapshot = index.published().latest();
    let meaning = Meaning::new(Arc::clone(&embedder) as Arc<dyn Embedder>);
    let begun_vectors = Instant::now();
    meaning.update(&snapshot, None, || false)?;
    let vectors = begun_vectors.elapsed();
    embedder.is_generating.store(false, Ordering::Relaxed);

    let per_second = |n: usize, took: Duration| n as f64 / took.as_secs_f64();
    println!("{count} stories, {} passages", meaning.passages());
    println!(
        "  index by words   {:>8.1} s  {:>8.0} stories/s",
        words.as_secs_f64(),
        per_second(count, words)
    );
    println!(
        "  vectors          {:>8.1} s  {:>8.0} passages/s{}",
        vectors.as_secs_f64(),
        per_second(meaning.passages(), vectors),
        if count > real.len() {
            " (generated vectors, graph included)"
        } else {
            " (embedded for real)"
        }
    );
    println!("  memory           {:>8.0} MB resident", resident_mb());
    for mode in [Mode::Keyword, Mode::Semantic, Mode::Hybrid] {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            for query in &queries {
                let request = SearchRequest { query: query.clone(), ..SearchRequest::default() };
                let begun = Instant::now();
                search(&snapshot, Some(&meaning), mode, &request)?;
                times.push(begun.elapsed());
            }
        }
        times.sort_unstable();
        let percentile = |percent: usize| {
            times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3
        };
        println!(
            "  {:<10} n {:>5}  p50 {:>7.2} ms  p95 {:>7.2} ms  p99 {:>7.2} ms",
            format!("{mode:?}").to_lowercase(),
            times.len(),
            percentile(50),
            percentile(95),
            percentile(99)
        );
    }
    println!("  the whole run took {:.0} s", begun.elapsed().as_secs_f64());
    address.map_or(Ok(()), |address| serve(address, index.published(), meaning))
}

fn serve(address: SocketAddr, published: Published, meaning: Arc<Meaning>) -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let mut state = AppState::new(published, Readiness::ready());
        state.meaning = Some(meaning);
        let listener = service_kit::bind(address).await?;
        println!("  serving at {}", listener.local_addr()?);
        service_kit::serve(listener, router(state)).await?;
        Ok(())
    })
}

/// Returns a story of sentences of others, shorter than a real one.
fn generated(real: &[Story], n: usize, random: &mut Random) -> Story {
    let head = random.of(real).clone();
    let paragraphs =
        |list: fn(&Story) -> &Vec<String>, n: usize, random: &mut Random| -> Vec<String> {
            (0..n)
                .filter_map(|_| {
                    let list = list(random.of(real));
                    (!list.is_empty()).then(|| random.of(list).clone())
                })
                .collect()
        };
    Story {
        id: format!("generated-{n}"),
        title: format!("{} {n}", random.of(real).title),
        summary: random.of(real).summary.clone(),
        situation: paragraphs(|s| &s.situation, 1, random),
        task: Vec::new(),
        action: paragraphs(|s| &s.action, 2, random),
        result: paragraphs(|s| &s.result, 1, random),
        process: Vec::new(),
        performance: Vec::new(),
        purpose: String::new(),
        metrics: Vec::new(),
        use_cases: Vec::new(),
        interview_questions: paragraphs(|s| &s.interview_questions, 1, random),
        ..head
    }
}

fn apply(index: &mut Index, stories: &[Story], is_last: bool) -> anyhow::Result<()> {
    let change = |story: &Story| Change {
        id: story.id.clone(),
        kind: ChangeKind::Upsert,
        value: Some(story.clone()),
    };
    let changes = stories.iter().map(change).collect();
    let page = FeedPage { changes, cursor: "bench".to_owned(), more: !is_last };
    index.apply(page).map_err(anyhow::Error::from_boxed)
}

/// Of this process, from the kernel; 0 where it does not say.
fn resident_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok())
        .map_or(0.0, |kb| kb / 1024.0)
}

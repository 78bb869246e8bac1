//! Prints how long searches take over HTTP, one after the other on one connection.
//!
//! ```text
//! cargo run --release -p mfe-search-service --example search-over-http -- URL QUERIES.jsonl
//! ```
//! `asterism bench search-latency --gateway` runs this against a site's gateway. From the request's first byte to
//! the answer's last; reading its JSON does not count, nor does an answer from the service's cache.

#![expect(clippy::print_stdout, reason = "numbers are what this prints")]

use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::Context;
use mfe_search_api::{HYBRID, KEYWORD, SEMANTIC, SearchRequest, SearchResponse};

/// Numbers of results to ask for, another in each round over the queries: the same search twice would be answered
/// from the cache.
const ROUNDS: [u32; 6] = [20, 19, 18, 17, 16, 15];

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, queries] = arguments.as_slice() else {
        anyhow::bail!("name the site's URL and the queries' file")
    };
    let lines = fs::read_to_string(queries).with_context(|| format!("cannot read {queries}"))?;
    let client = reqwest::Client::new();
    for path in [KEYWORD, SEMANTIC, HYBRID] {
        let (mut times, mut cached) = (Vec::new(), 0);
        for top_k in ROUNDS {
            for line in lines.lines() {
                let line: serde_json::Value = serde_json::from_str(line)?;
                let query = line["query"].as_str().context("a line without a query")?.to_owned();
                let request = SearchRequest { query, top_k, ..SearchRequest::default() };
                let request = client.post(format!("{url}{path}")).json(&request).build()?;
                let begun = Instant::now();
                let answer = client.execute(request).await?.error_for_status()?.bytes().await?;
                let took = begun.elapsed();
                match serde_json::from_slice::<SearchResponse>(&answer)?.cached {
                    true => cached += 1,
                    false => times.push(took),
                }
            }
        }
        times.sort_unstable();
        let [p50, p95, p99] = [50, 95, 99].map(|percent| percentile(&times, percent));
        let mode = path.rsplit('/').next().unwrap_or(path);
        println!(
            "  {mode:<10} n {:>5}  p50 {p50:>7.2} ms  p95 {p95:>7.2} ms  p99 {p99:>7.2} ms  ({cached} cached, left out)",
            times.len()
        );
    }
    Ok(())
}

/// In milliseconds, of sorted times; not a number without any.
fn percentile(times: &[Duration], percent: usize) -> f64 {
    let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

//! Visitors of every domain, who go on asking whatever happens.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use reqwest::Client;
use serde_json::json;
use tokio::task::JoinSet;

/// Between two requests of a visitor.
const BETWEEN: Duration = Duration::from_millis(100);
/// How long a person waits.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// The answer ended before its end.
pub(super) const BROKEN_OFF: &str = "broken off";
/// Who looks at the site itself: its page and its manifest.
pub(super) const PAGE: &str = "page";

/// A request that was made, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The domain, or [`PAGE`].
    pub(super) of: String,
    pub(super) ended: Instant,
    /// Why it failed, in a word or two.
    pub(super) failed: Option<String>,
}

/// All that visitors saw so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Arc<Mutex<Vec<Seen>>>);

impl Log {
    pub(super) fn note(&self, of: &str, failed: Option<String>) {
        let seen = Seen { of: of.to_owned(), ended: Instant::now(), failed };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }

    pub(super) fn all(&self) -> Vec<Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Visitors; they go when this is dropped.
#[derive(Debug)]
pub(super) struct Probes(#[expect(dead_code, reason = "held for its end")] JoinSet<()>);

/// What a visitor asks for: a path, with a body to post to it.
type Asked = (&'static str, Option<serde_json::Value>);

/// Returns what is read of each domain, by its name.
fn questions() -> BTreeMap<&'static str, Asked> {
    let query = json!({ "query": "data", "top_k": 5 });
    BTreeMap::from([
        (PAGE, ("/", None)),
        ("search", ("/api/search/keyword", Some(query))),
        ("stories", ("/api/stories", None)),
        ("industries", ("/api/industries", None)),
        ("ask", ("/api/ask/starters", None)),
    ])
}

impl Probes {
    /// Sends visitors to a gateway; `of` renames them all.
    pub(super) fn start(url: &str, log: &Log, of: Option<&str>) -> Self {
        let mut visitors = JoinSet::new();
        let client = Client::builder().timeout(PATIENCE).build().unwrap_or_default();
        for (domain, asked) in questions() {
            let name = of.unwrap_or(domain).to_owned();
            visitors.spawn(visitor(client.clone(), url.to_owned(), name, asked, log.clone()));
        }
        Self(visitors)
    }
}

async fn visitor(client: Client, url: String, of: String, (path, body): Asked, log: Log) {
    let mut ticks = tokio::time::interval(BETWEEN);
    let mut asking = JoinSet::new();
    loop {
        ticks.tick().await;
        let url = [&url, path].concat();
        let request = match &body {
            None => client.get(url),
            Some(body) => client.post(url).json(body),
        };
        let (of, log) = (of.clone(), log.clone());
        asking.spawn(async move { log.note(&of, failure(request).await) });
        while asking.try_join_next().is_some() {}
    }
}

/// Sends a request and reads its whole answer.
async fn failure(request: reqwest::RequestBuilder) -> Option<String> {
    let read = async {
        let answer = request.send().await?;
        let status = answer.status();
        answer.bytes().await?;
        Ok::<_, reqwest::Error>(status)
    };
    match read.await {
        Ok(status) if status.is_success() => None,
        Ok(status) => Some(status.as_u16().to_string()),
        Err(error) => Some(word(&error)),
    }
}

/// Returns in a word what a person saw.
pub(super) fn word(error: &reqwest::Error) -> String {
    let word = match error.status() {
        Some(status) => return status.as_u16().to_string(),
        None if error.is_timeout() => "no answer",
        None if error.is_connect() => "refused",
        None => BROKEN_OFF,
    };
    word.to_owned()
}

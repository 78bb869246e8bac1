//! A gateway on a loopback port with as much of the search behind it as the service asks for, which fails as
//! it is told to.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::post,
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::AbortHandle};

use crate::{STORIES, read};

/// What is said of how well the best story fits: of the query's weight it has so much.
const HIGH: f64 = 0.4;
const LOW: f64 = 0.15;
/// Words are compared by so many of their first letters, and shorter ones not at all.
const STEM: usize = 5;
const SHORTEST: usize = 4;

/// How the search behaves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mood {
    /// It finds.
    Well,
    /// It answers 503 to so many requests, and then finds.
    Busy(usize),
    /// It takes no more of this visitor's: 429.
    Enough,
    /// It has no meaning to search by: 501, but for words.
    Wordy,
    /// It finds, and is sure of nothing.
    Unsure,
    /// It never answers.
    Silent,
    /// It answers with something else.
    Garbage,
    /// Its answer breaks off, so many times.
    Cut(usize),
}

/// A running gateway; it ends when dropped.
#[derive(Debug)]
pub(crate) struct FakeSearch {
    /// Before `/api/search`.
    pub(crate) base: String,
    shared: Arc<Shared>,
    serving: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    stories: Vec<Indexed>,
    frequency: HashMap<String, usize>,
    mood: Mutex<Mood>,
    requests: Mutex<Vec<(String, Value)>>,
}

#[derive(Debug)]
struct Indexed {
    story: Value,
    stems: BTreeSet<String>,
    heading: BTreeSet<String>,
}

impl FakeSearch {
    /// Finds among the selected stories.
    pub(crate) async fn start() -> Self {
        Self::over(STORIES, "127.0.0.1:0").await
    }

    /// Finds among these stories, at an address.
    pub(crate) async fn over(stories: &str, address: &str) -> Self {
        let stories: Vec<_> = read::<Value>(stories).into_iter().map(Indexed::new).collect();
        let mut frequency = HashMap::new();
        for stem in stories.iter().flat_map(|indexed| &indexed.stems) {
            *frequency.entry(stem.clone()).or_default() += 1;
        }
        let (mood, requests) = (Mutex::new(Mood::Well), Mutex::default());
        let shared = Arc::new(Shared { stories, frequency, mood, requests });
        let router = Router::new()
            .route("/api/search/hybrid", post(search))
            .route("/api/search/keyword", post(search))
            .with_state(shared.clone());
        let listener = TcpListener::bind(address).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async { axum::serve(listener, router).await }).abort_handle();
        Self { base, shared, serving }
    }

    /// Behaves like this from now on.
    pub(crate) fn set(&self, mood: Mood) {
        *self.shared.mood.lock().unwrap() = mood;
    }

    /// Returns paths and bodies of all requests so far.
    pub(crate) fn requests(&self) -> Vec<(String, Value)> {
        self.shared.requests.lock().unwrap().clone()
    }
}

impl Drop for FakeSearch {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn search(State(shared): State<Arc<Shared>>, uri: Uri, Json(asked): Json<Value>) -> Response {
    shared.requests.lock().unwrap().push((uri.path().to_owned(), asked.clone()));
    let mood = {
        let mut mood = shared.mood.lock().unwrap();
        let now = *mood;
        *mood = match now {
            Mood::Busy(0) | Mood::Cut(0) => Mood::Well,
            Mood::Busy(left) => Mood::Busy(left - 1),
            Mood::Cut(left) => Mood::Cut(left - 1),
            now => now,
        };
        now
    };
    let mut found = shared.find(&asked);
    match mood {
        Mood::Busy(1..) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Enough => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Mood::Wordy if uri.path().ends_with("hybrid") => {
            StatusCode::NOT_IMPLEMENTED.into_response()
        }
        Mood::Silent => std::future::pending().await,
        Mood::Garbage => Json(json!({ "results": "none" })).into_response(),
        Mood::Cut(1..) => {
            let mut half = found.to_string();
            half.truncate(40);
            let pieces = [Ok(Bytes::from(half)), Err(std::io::Error::other("cut"))];
            Body::from_stream(stream::iter(pieces)).into_response()
        }
        Mood::Unsure => {
            found["confidence"] = json!("none");
            Json(found).into_response()
        }
        Mood::Well | Mood::Busy(0) | Mood::Cut(0) | Mood::Wordy => Json(found).into_response(),
    }
}

impl Shared {
    /// Scores every story that the filters admit by the words that it shares, rare ones for more.
    fn find(&self, asked: &Value) -> Value {
        let stems = stems(asked["query"].as_str().unwrap());
        let rarity = |stem: &String| {
            let has = self.frequency.get(stem).copied().unwrap_or(0);
            ((self.stories.len() + 1) as f64 / (has + 1) as f64).ln()
        };
        let whole: f64 = stems.iter().map(rarity).sum();
        let mut best = 0.0_f64;
        let mut results = Vec::new();
        for indexed in self.stories.iter().filter(|indexed| indexed.passes(&asked["filters"])) {
            let shared: f64 = stems.intersection(&indexed.stems).map(rarity).sum();
            let headed: f64 = stems.intersection(&indexed.heading).map(rarity).sum();
            best = best.max(shared);
            results.push((shared + headed, indexed.story["id"].as_str().unwrap()));
        }
        results.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        results.truncate(usize::try_from(asked["top_k"].as_u64().unwrap()).unwrap());
        let confidence = match best {
            best if best > whole * HIGH => "high",
            best if best > whole * LOW => "low",
            _ => "none",
        };
        let results: Vec<_> =
            results.iter().map(|(score, id)| json!({ "id": id, "score": score })).collect();
        json!({ "count": results.len(), "results": results, "confidence": confidence })
    }
}

impl Indexed {
    fn new(story: Value) -> Self {
        let heading = ["title", "client", "tags", "use_cases", "interview_questions"];
        let heading = heading.iter().flat_map(|field| stems(&story[*field].to_string())).collect();
        Self { stems: stems(&story.to_string()), heading, story }
    }

    fn passes(&self, filters: &Value) -> bool {
        filters.as_object().unwrap().iter().all(|(facet, wanted)| {
            let wanted = wanted.as_array().unwrap();
            wanted.is_empty() || wanted.contains(&self.story[facet])
        })
    }
}

fn stems(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let long = words.filter(|word| word.chars().count() >= SHORTEST);
    long.map(|word| word.chars().take(STEM).collect()).collect()
}

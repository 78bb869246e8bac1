//! Retrieval: the search service's own API, as the gateway offers it to everybody.
//!
//! Nothing of that domain is used but its HTTP: what is read here is this domain's view of the answer. A search
//! that fails is asked once more, but who asks waits for it so long and no longer, and not at all after it
//! failed just now (`circuit`). Without a model the search by meaning is off; then words alone are searched.
//! Not here: what becomes of a question that the search does not answer; see `lexical`.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::http::StatusCode;
use mfe_ask_api::{Candidate, Confidence, Filters};
use reqwest::Client;
use serde::{Deserialize, Serialize};
use service_kit::{Failed, Patience, chain};
use tokio::time::{Instant, timeout};

use crate::{circuit::Circuit, planning::Found};

const HYBRID: &str = "/api/search/hybrid";
const KEYWORD: &str = "/api/search/keyword";
/// Stories to choose from.
const TOP_K: u32 = 50;
/// Longest query that the search takes, in characters.
const LONGEST: usize = 500;
/// How long somebody waits for the search, in all tries; of a hundred searches 95 take less than a tenth of it.
const BUDGET: Duration = Duration::from_millis(1500);
/// What fails at once may be over as soon.
const PATIENCE: Patience = Patience {
    tries: 2,
    first_pause: Duration::from_millis(150),
    longest_pause: Duration::from_millis(150),
};

/// The search service.
#[derive(Clone, Debug)]
pub struct SearchApi {
    client: Client,
    base: String,
    /// Shared by all clones.
    circuit: Arc<Mutex<Circuit>>,
}

/// What to find.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    /// In words.
    pub(crate) query: &'a str,
    /// Where.
    pub(crate) filters: &'a Filters,
    /// The filters say it all: none is to be read out of the words.
    pub(crate) literal: bool,
}

/// A search that did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SearchError {
    /// It failed just now, and was not asked.
    #[error("the search failed a moment ago")]
    Away,
    /// It takes too long.
    #[error("the search does not answer in time")]
    Slow,
    /// It cannot be reached, or its answer breaks off.
    #[error("the search cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// It answers with an error.
    #[error("the search answers with status {0}")]
    Failed(StatusCode),
    /// It does not speak as expected.
    #[error("the search's answer cannot be read")]
    Malformed(#[source] serde_json::Error),
}

#[derive(Serialize)]
struct Request<'a> {
    query: &'a str,
    top_k: u32,
    filters: &'a Filters,
    literal: bool,
}

#[derive(Deserialize)]
struct Response {
    results: Vec<Hit>,
    confidence: Confidence,
}

#[derive(Deserialize)]
struct Hit {
    id: String,
    score: f64,
}

impl SearchApi {
    /// Prepares a client; `gateway` is its base, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// The client cannot be made.
    pub fn new(gateway: &str) -> reqwest::Result<Self> {
        let client = Client::builder().no_proxy().build()?;
        let base = gateway.trim_end_matches('/').to_owned();
        Ok(Self { client, base, circuit: Arc::default() })
    }

    /// Finds stories, in time or not at all.
    pub(crate) async fn find(&self, wanted: &Wanted<'_>) -> Result<Found, SearchError> {
        if !self.with_circuit(Circuit::admits) {
            return Err(SearchError::Away);
        }
        let tries = PATIENCE.keep(|| async {
            self.either(wanted).await.map_err(|error| match error.is_outage() {
                true => Failed::ForNow(error, None),
                false => Failed::ForGood(error),
            })
        });
        let found = timeout(BUDGET, tries).await.unwrap_or(Err(SearchError::Slow));
        if let Err(error) = &found {
            tracing::warn!(cause = chain(error), "the search failed");
        }
        let away = found.as_ref().err().is_some_and(SearchError::is_outage);
        self.with_circuit(|circuit, now| if away { circuit.open(now) } else { circuit.close() });
        found
    }

    fn with_circuit<T>(&self, change: impl FnOnce(&mut Circuit, std::time::Instant) -> T) -> T {
        let mut circuit = self.circuit.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut circuit, Instant::now().into_std())
    }

    /// By words and meaning, or by words alone where meaning is off.
    async fn either(&self, wanted: &Wanted<'_>) -> Result<Found, SearchError> {
        match self.ask(HYBRID, wanted).await {
            Err(SearchError::Failed(StatusCode::NOT_IMPLEMENTED)) => {
                self.ask(KEYWORD, wanted).await
            }
            found => found,
        }
    }

    async fn ask(&self, path: &str, wanted: &Wanted<'_>) -> Result<Found, SearchError> {
        let Wanted { query, filters, literal } = *wanted;
        let end = query.char_indices().nth(LONGEST).map_or(query.len(), |(at, _)| at);
        let request = Request { query: &query[..end], top_k: TOP_K, filters, literal };
        let url = [&self.base, path].concat();
        let unreachable = |error: reqwest::Error| SearchError::Unreachable(error.without_url());
        let response = self
            .client
            .post(url)
            .headers(service_kit::outgoing())
            .json(&request)
            .send()
            .await
            .map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(SearchError::Failed(response.status()));
        }
        let body = response.bytes().await.map_err(unreachable)?;
        let Response { results, confidence } =
            serde_json::from_slice(&body).map_err(SearchError::Malformed)?;
        let candidates =
            results.into_iter().map(|Hit { id, score }| Candidate { id, score }).collect();
        Ok(Found { candidates, confidence })
    }
}

impl SearchError {
    /// Tells whether the search is away, for whatever question, and not only this one refused: too many of one
    /// visitor must not cost the others their search.
    fn is_outage(&self) -> bool {
        match self {
            Self::Away | Self::Slow | Self::Unreachable(_) => true,
            Self::Failed(status) => status.is_server_error(),
            Self::Malformed(_) => false,
        }
    }

    /// Returns its name for counting.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Slow => "slow",
            Self::Unreachable(_) => "unreachable",
            Self::Failed(_) => "status",
            Self::Malformed(_) => "malformed",
        }
    }
}

//! Retrieval: the search service's own API, as the gateway offers it to everybody.
//!
//! Nothing of that domain is used but its HTTP: what is read here is this domain's view of the answer. A search
//! that does not answer is asked again, twice, for it may just be starting. Without a model the search by
//! meaning is off; then words alone are searched.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use mfe_ask_api::{Candidate, Confidence, Filters};
use reqwest::Client;
use serde::{Deserialize, Serialize};
use service_kit::ApiError;

use crate::planning::Found;

const HYBRID: &str = "/api/search/hybrid";
const KEYWORD: &str = "/api/search/keyword";
/// Stories to choose from.
const TOP_K: u32 = 50;
/// Longest query that the search takes, in characters.
const LONGEST: usize = 500;
/// For one try.
const TIMEOUT: Duration = Duration::from_secs(4);
/// Before each further try.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];
/// When a person may try again, in seconds.
const LATER: &str = "5";

/// The search service.
#[derive(Clone, Debug)]
pub struct SearchApi {
    client: Client,
    base: String,
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
    /// It cannot be reached, is too slow, or its answer breaks off.
    #[error("the search does not answer")]
    Unavailable(#[source] reqwest::Error),
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
        let client = Client::builder().timeout(TIMEOUT).no_proxy().build()?;
        Ok(Self { client, base: gateway.trim_end_matches('/').to_owned() })
    }

    /// Finds stories.
    pub(crate) async fn find(&self, wanted: &Wanted<'_>) -> Result<Found, SearchError> {
        for pause in PAUSES {
            match self.either(wanted).await {
                Err(error) if error.may_pass() => {
                    tracing::debug!(%error, "asking the search again");
                    tokio::time::sleep(pause).await;
                }
                found => return found,
            }
        }
        self.either(wanted).await
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
        let unavailable = |error: reqwest::Error| SearchError::Unavailable(error.without_url());
        let response = self
            .client
            .post(url)
            .headers(service_kit::outgoing())
            .json(&request)
            .send()
            .await
            .map_err(unavailable)?;
        if !response.status().is_success() {
            return Err(SearchError::Failed(response.status()));
        }
        let body = response.bytes().await.map_err(unavailable)?;
        let Response { results, confidence } =
            serde_json::from_slice(&body).map_err(SearchError::Malformed)?;
        let candidates =
            results.into_iter().map(|Hit { id, score }| Candidate { id, score }).collect();
        Ok(Found { candidates, confidence })
    }
}

impl SearchError {
    /// Tells whether it may be over in a moment.
    fn may_pass(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Failed(status) => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::Malformed(_) => false,
        }
    }
}

impl From<SearchError> for ApiError {
    fn from(error: SearchError) -> Self {
        let detail = "The search that finds the stories does not answer at the moment. Your question \
                      is kept: try it again in a few seconds.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "search-unavailable", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static(LATER))
            .caused_by(error)
    }
}

//! Any endpoint that speaks `POST /v1/embeddings` as `OpenAI` does.
//!
//! Requests are batched and have a deadline. What may pass (429, 5xx, no connection) is tried again, after
//! the time that the server names or a growing pause.

use std::time::Duration;

use reqwest::{StatusCode, header::RETRY_AFTER};
use serde::{Deserialize, Serialize};
use service_kit::{Failed, Patience};
use tokio::runtime::Handle;

use super::{EmbedError, Embedder};

/// Texts in one request.
const BATCH: usize = 64;
const TIMEOUT: Duration = Duration::from_secs(10);
/// A server that asks for a longer pause is taken to be down.
const PATIENCE: Patience = Patience {
    tries: 4,
    first_pause: Duration::from_millis(250),
    longest_pause: Duration::from_secs(5),
};

/// A provider of vectors.
#[derive(Debug)]
pub struct Provider {
    client: reqwest::Client,
    url: String,
    key: Option<String>,
    model: String,
    id: String,
    dimensions: usize,
    runtime: Handle,
}

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    input: &'a [&'a str],
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    index: usize,
    embedding: Vec<f32>,
}

impl Provider {
    /// Connects to `{base}/v1/embeddings` and asks for one vector, whose length is that of all.
    ///
    /// Blocking, as [`Embedder::embed`] is: `runtime` does the waiting.
    ///
    /// # Errors
    /// The endpoint does not answer, or not with a vector.
    pub fn connect(
        runtime: Handle,
        base: &str,
        key: Option<String>,
        model: &str,
    ) -> Result<Self, EmbedError> {
        let base = base.trim_end_matches('/').trim_end_matches("/v1");
        let mut provider = Self {
            client: reqwest::Client::builder()
                .timeout(TIMEOUT)
                .build()
                .map_err(EmbedError::load)?,
            url: [base, "/v1/embeddings"].concat(),
            key,
            model: model.to_owned(),
            id: [base, "#", model].concat(),
            dimensions: 0,
            runtime,
        };
        let first = provider.embed(&["hello"])?.pop().unwrap_or_default();
        provider.dimensions = first.len();
        Ok(provider)
    }

    async fn batch(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        PATIENCE.keep(|| self.send(texts)).await
    }

    async fn send(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Failed<EmbedError>> {
        let mut request =
            self.client.post(&self.url).json(&Request { model: &self.model, input: texts });
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let for_now = |error: reqwest::Error| Failed::ForNow(EmbedError::compute(error), None);
        let response = request.send().await.map_err(for_now)?;
        let status = response.status();
        if let Err(error) = response.error_for_status_ref() {
            let error = EmbedError::compute(error);
            return Err(match status {
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                    let header = response.headers().get(RETRY_AFTER);
                    let seconds = header.and_then(|value| value.to_str().ok()?.parse().ok());
                    Failed::ForNow(error, seconds.map(Duration::from_secs))
                }
                status if status.is_server_error() => Failed::ForNow(error, None),
                _ => Failed::ForGood(error),
            });
        }
        let answer: Answer = response.json().await.map_err(for_now)?;
        self.vectors(answer, texts.len()).map_err(Failed::ForGood)
    }

    /// Puts the vectors into the order of the texts and scales them to length 1.
    fn vectors(&self, answer: Answer, expected: usize) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = vec![Vec::new(); expected];
        for Item { index, embedding } in answer.data {
            let length = embedding.iter().map(|number| number * number).sum::<f32>().sqrt();
            let fits = self.dimensions == 0 || embedding.len() == self.dimensions;
            match vectors.get_mut(index) {
                Some(place) if fits && length.is_finite() && length > 0.0 => {
                    *place = embedding.into_iter().map(|number| number / length).collect();
                }
                _ => {
                    return Err(EmbedError::compute(
                        "the provider sent a vector that does not fit",
                    ));
                }
            }
        }
        if vectors.iter().any(Vec::is_empty) {
            return Err(EmbedError::compute("the provider sent fewer vectors than texts"));
        }
        Ok(vectors)
    }
}

impl Embedder for Provider {
    fn id(&self) -> &str {
        &self.id
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            vectors.extend(self.runtime.block_on(self.batch(batch))?);
        }
        Ok(vectors)
    }
}

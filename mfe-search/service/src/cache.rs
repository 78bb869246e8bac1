//! Answers that were given before.
//!
//! A key holds the generations of the stories and of their vectors, so an answer from before a change is
//! never given after it. Requests for the same answer at one time wait for one search.

use std::{sync::Arc, time::Duration};

use mfe_search_api::{Mode, SearchRequest, SearchResponse};
use service_kit::ApiError;

/// How long an answer may be given again.
pub(crate) const TTL: Duration = Duration::from_secs(3600);
/// Most answers, each some 20 KB.
const MOST: u64 = 2_000;

/// What an answer depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub mode: Mode,
    pub request: SearchRequest,
    /// Of the stories.
    pub stories: u64,
    /// Of their vectors; 0 where they do not count.
    pub vectors: u64,
}

/// The answers.
#[derive(Clone, Debug)]
pub(crate) struct Cache(moka::future::Cache<Key, Arc<SearchResponse>>);

impl Default for Cache {
    fn default() -> Self {
        Self(moka::future::Cache::builder().max_capacity(MOST).time_to_live(TTL).build())
    }
}

impl Cache {
    /// Returns the answer that is there, or else what `search` gives, which is kept unless it is an error.
    /// The flag tells whether it was there.
    pub(crate) async fn get(
        &self,
        key: Key,
        search: impl Future<Output = Result<SearchResponse, ApiError>>,
    ) -> Result<(Arc<SearchResponse>, bool), ApiError> {
        let entry = self
            .0
            .entry(key)
            .or_try_insert_with(async { search.await.map(Arc::new) })
            .await
            .map_err(|error| ApiError::clone(&error))?;
        let is_fresh = entry.is_fresh();
        Ok((entry.into_value(), !is_fresh))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::http::StatusCode;
    use mfe_search_api::{Confidence, Facets, Filters, Mode, SearchRequest, SearchResponse};
    use service_kit::ApiError;

    use super::{Cache, Key};

    fn key(stories: u64) -> Key {
        Key { mode: Mode::Hybrid, request: SearchRequest::default(), stories, vectors: 1 }
    }

    fn response() -> SearchResponse {
        SearchResponse {
            results: Vec::new(),
            count: 0,
            total: 0,
            outside: 0,
            query: String::new(),
            understood: Filters::default(),
            confidence: Confidence::None,
            facets: Facets::default(),
            cached: false,
            took_ms: 1.0,
        }
    }

    #[tokio::test]
    async fn a_hundred_requests_at_once_are_one_search() {
        let (cache, searches) = (Cache::default(), AtomicU32::new(0));
        let search = || async {
            searches.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok(response())
        };
        let all = (0..100).map(|_| cache.get(key(1), search()));
        let answers = futures_util::future::join_all(all).await;
        let cached = answers.into_iter().filter(|answer| answer.as_ref().unwrap().1).count();
        assert_eq!((cached, searches.load(Ordering::SeqCst)), (99, 1));
        // A change makes it another key.
        assert!(!cache.get(key(2), search()).await.unwrap().1);
    }

    #[tokio::test]
    async fn errors_are_not_kept() {
        let cache = Cache::default();
        let fails = async { Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "down", "")) };
        assert_eq!(cache.get(key(1), fails).await.unwrap_err().code, "down");
        assert!(!cache.get(key(1), async { Ok(response()) }).await.unwrap().1);
        assert!(cache.get(key(1), async { Ok(response()) }).await.unwrap().1);
    }
}

//! Following another domain's feed.
//!
//! The follower asks for what comes after its cursor and waits on the server until there is something
//! (long polling), so a change arrives in well under a second and an idle pair exchanges three requests
//! a minute. Not here: where the cursor is kept. The sink stores it with what it tells, so that a crash
//! between the two cannot lose or repeat a change.

use std::time::Duration;

use contract::FeedPage;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use crate::{Readiness, chain};

/// Any cause that a sink may fail with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Seconds that the server may hold a request open while nothing changes.
const WAIT: u32 = 20;
const FIRST_RETRY: Duration = Duration::from_millis(200);
const LAST_RETRY: Duration = Duration::from_secs(5);

/// Where the changes of a feed go.
pub trait FeedSink<T>: Send + 'static {
    /// Returns the cursor of the last applied page, `None` at the beginning.
    fn cursor(&self) -> Option<String>;

    /// Applies a page and remembers its cursor, both or neither.
    ///
    /// # Errors
    /// Nothing was applied; the page comes again.
    fn apply(&mut self, page: FeedPage<T>) -> Result<(), BoxError>;

    /// Forgets everything, because the feed begins anew.
    ///
    /// # Errors
    /// The store could not be emptied.
    fn reset(&mut self) -> Result<(), BoxError>;
}

/// Why a step of following failed.
#[derive(Debug, thiserror::Error)]
enum FeedError {
    /// The feed cannot be read.
    #[error("cannot read the feed at {url}")]
    Fetch {
        /// Of the feed.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The sink refused.
    #[error("cannot apply a change")]
    Apply(#[source] BoxError),
}

/// Follows the feed at `url` for ever; `readiness` becomes ready when the sink has caught up once.
///
/// A feed that is down is asked again with growing pauses; the sink keeps what it has.
pub async fn follow<T: DeserializeOwned + Send + 'static>(
    url: String,
    mut sink: impl FeedSink<T>,
    readiness: Readiness,
) {
    let client = client();
    let mut retry = FIRST_RETRY;
    // The first answer comes at once even when nothing changed, or a restart would take WAIT seconds.
    let mut wait = 0;
    loop {
        match step(&client, &url, wait, &mut sink).await {
            Ok(more) => {
                retry = FIRST_RETRY;
                if !more {
                    readiness.set_ready();
                    wait = WAIT;
                }
            }
            Err(error) => {
                tracing::warn!(cause = chain(&error), "feed interrupted");
                tokio::time::sleep(retry).await;
                retry = (retry * 2).min(LAST_RETRY);
            }
        }
    }
}

/// A client that ignores the environment's proxies: a feed is inside, on loopback or a private network.
fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap_or_default()
}

async fn step<T: DeserializeOwned>(
    client: &reqwest::Client,
    url: &str,
    wait: u32,
    sink: &mut impl FeedSink<T>,
) -> Result<bool, FeedError> {
    let cursor = sink.cursor();
    let mut query = vec![("limit", "200".to_owned()), ("wait", wait.to_string())];
    if let Some(cursor) = &cursor {
        query.push(("after", cursor.clone()));
    }
    let fetch = |source| FeedError::Fetch { url: url.to_owned(), source };
    let response = client
        .get(url)
        .query(&query)
        .timeout(Duration::from_secs(u64::from(WAIT) + 10))
        .send()
        .await
        .map_err(fetch)?;
    if response.status() == StatusCode::GONE {
        sink.reset().map_err(FeedError::Apply)?;
        return Ok(true);
    }
    let page: FeedPage<T> =
        response.error_for_status().map_err(fetch)?.json().await.map_err(fetch)?;
    let more = page.more;
    if !page.changes.is_empty() || cursor.as_deref() != Some(page.cursor.as_str()) {
        sink.apply(page).map_err(FeedError::Apply)?;
    }
    Ok(more)
}

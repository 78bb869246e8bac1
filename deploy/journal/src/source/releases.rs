//! The registry's history as events: `remote.released` and `remote.rolled_back`.
//!
//! The history is an outbox already: numbered without gaps, never changed, and written in the step that it
//! tells of. So it is read, over any gateway, and not told a second time.

use std::time::Duration;

use reqwest::Client;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use service_kit::outbox::{Cursor, Event};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Batch, Delivered, Reading, Source, SourceError, client};

/// By which its events are known.
const NAME: &str = "registry";
/// Revisions at once: each has a whole manifest with it.
const MOST: i64 = 50;
/// How often somebody who waits looks again.
const LOOK: Duration = Duration::from_secs(2);
const TIMEOUT: Duration = Duration::from_secs(15);

/// The history of the registry behind a gateway.
#[derive(Debug)]
pub struct Releases {
    url: String,
    client: Client,
}

/// A revision; not the manifest that it made.
#[derive(Debug, Deserialize)]
struct Revision {
    revision: i64,
    released_at: String,
    action: String,
    #[serde(flatten)]
    told: Told,
}

/// What is told of it.
#[derive(Debug, Deserialize, Serialize)]
struct Told {
    remote: String,
    to: String,
    who: String,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
}

impl Releases {
    /// Returns the history that a gateway shows.
    #[must_use]
    pub fn new(gateway: &str) -> Self {
        let url = [gateway.trim_end_matches('/'), "/registry/v1/revisions"].concat();
        Self { url, client: client() }
    }

    async fn get<T: DeserializeOwned>(&self, rest: &str) -> Result<T, SourceError> {
        let url = [&self.url, rest].concat();
        let fetch = |source| SourceError::Fetch { url: url.clone(), source };
        let response = self.client.get(&url).timeout(TIMEOUT).send().await.map_err(fetch)?;
        response.error_for_status().map_err(fetch)?.json().await.map_err(fetch)
    }

    /// Returns the number of the newest revision, 0 before the first.
    async fn head(&self) -> Result<i64, SourceError> {
        let newest: Vec<Revision> = self.get("?limit=1").await?;
        Ok(newest.first().map_or(0, |revision| revision.revision))
    }
}

impl Source for Releases {
    fn name(&self) -> &str {
        NAME
    }

    async fn read(&self, after: Option<&Cursor>) -> Result<Reading, SourceError> {
        let head = self.head().await?;
        if after.is_some_and(|after| after.id == head) || head == 0 {
            tokio::time::sleep(LOOK).await;
            return Ok(match after {
                Some(after) if after.id > head => Reading::Anew,
                Some(after) => {
                    Reading::Events(Batch { cursor: after.clone(), events: Vec::new(), head })
                }
                None => Reading::Silent,
            });
        }
        // A registry that was made anew has another first revision.
        let first: Revision = self.get("/1").await?;
        let log = first.released_at;
        if after.is_some_and(|after| after.log != log || after.id > head) {
            return Ok(Reading::Anew);
        }
        let after = after.map_or(0, |after| after.id);
        let last = head.min(after.saturating_add(MOST));
        let newest_first: Vec<Revision> =
            self.get(&format!("?before={}&limit={}", last + 1, last - after)).await?;
        let events = newest_first.into_iter().rev().map(|revision| {
            event(revision)
                .map(Delivered::Event)
                .map_err(|what| SourceError::Nonsense { url: self.url.clone(), what })
        });
        let events = events.collect::<Result<_, _>>()?;
        Ok(Reading::Events(Batch { cursor: Cursor { log, id: last }, events, head }))
    }
}

fn event(revision: Revision) -> Result<Event, String> {
    let Revision { revision, released_at, action, told } = revision;
    let at = OffsetDateTime::parse(&released_at, &Rfc3339).map_err(|error| error.to_string())?;
    let kind = match action.as_str() {
        "rollback" => "remote.rolled_back",
        _ => "remote.released",
    };
    let value = serde_json::to_value(told).map_err(|error| error.to_string())?;
    Ok(Event { id: revision, kind: kind.to_owned(), at: at.unix_timestamp(), value })
}

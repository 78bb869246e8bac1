//! A service's outbox, over HTTP.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use reqwest::{Client, StatusCode, header::HeaderValue};
use serde::Deserialize;
use serde_json::Value;
use service_kit::{
    EDGE,
    outbox::{Cursor, EVENTS, Event},
};

use super::{Batch, Delivered, Reading, Source, SourceError, client};

/// Events at once.
const LIMIT: u32 = 500;
/// Seconds that the service may hold a request while nothing happens.
const WAIT: u64 = 20;

/// A service that has an outbox, or none.
#[derive(Debug)]
pub struct Service {
    name: String,
    url: String,
    key: HeaderValue,
    client: Client,
    /// The first answer comes at once even when nothing happened: then it is known that the service answers.
    asked: AtomicBool,
}

/// A page whose events may be anything: what one of them is must not keep the others from being read.
#[derive(Debug, Deserialize)]
struct RawPage {
    events: Vec<Value>,
    cursor: String,
    head: i64,
}

impl Service {
    /// Returns the outbox of the service at an address.
    #[must_use]
    pub fn new(name: String, base: &str, key: HeaderValue) -> Self {
        let url = [base, EVENTS].concat();
        Self { name, url, key, client: client(), asked: AtomicBool::new(false) }
    }
}

impl Source for Service {
    fn name(&self) -> &str {
        &self.name
    }

    async fn read(&self, after: Option<&Cursor>) -> Result<Reading, SourceError> {
        let fetch = |source| SourceError::Fetch { url: self.url.clone(), source };
        let wait = if self.asked.load(Ordering::Relaxed) { WAIT } else { 0 };
        let mut query = vec![("limit", LIMIT.to_string()), ("wait", wait.to_string())];
        query.extend(after.map(|after| ("after", after.to_string())));
        let request = self.client.get(&self.url).query(&query).header(EDGE, self.key.clone());
        let timeout = Duration::from_secs(WAIT + 10);
        let response = request.timeout(timeout).send().await.map_err(fetch)?;
        match response.status() {
            StatusCode::GONE => return Ok(Reading::Anew),
            StatusCode::NOT_FOUND => return Ok(Reading::Silent),
            _ => {}
        }
        let page: RawPage =
            response.error_for_status().map_err(fetch)?.json().await.map_err(fetch)?;
        let cursor = page.cursor.parse().map_err(|_| SourceError::Nonsense {
            url: self.url.clone(),
            what: format!("a cursor `{}`", page.cursor),
        })?;
        self.asked.store(true, Ordering::Relaxed);
        let events = page.events.iter().map(delivered).collect();
        Ok(Reading::Events(Batch { cursor, events, head: page.head }))
    }
}

fn delivered(value: &Value) -> Delivered {
    match Event::deserialize(value) {
        Ok(event) => Delivered::Event(event),
        Err(_) => Delivered::Unreadable(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use service_kit::outbox::Event;

    use super::delivered;
    use crate::Delivered;

    #[test]
    fn what_is_no_event_is_kept_as_it_came() {
        let event = Event { id: 1, kind: "a".to_owned(), at: 2, value: json!(3) };
        let sent = json!({ "id": 1, "kind": "a", "at": 2, "value": 3, "later": true });
        assert_eq!(delivered(&sent), Delivered::Event(event));
        for other in [json!({ "id": 1, "kind": "a", "value": 3 }), json!(7), json!(null)] {
            assert_eq!(delivered(&other), Delivered::Unreadable(other.to_string()));
        }
    }
}

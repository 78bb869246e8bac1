//! How long an upstream may take for what, unless its domain says otherwise.

use std::time::Duration;

/// How long an upstream may take for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To accept a connection. Default 1 s: it is near, or it is down.
    pub connect: Duration,
    /// From the last byte of the request to the head of the answer, retries included. Default 15 s.
    pub head: Duration,
    /// The same for paths that end in `/feed`, where callers wait up to 30 s for news. Default 40 s.
    pub feed_head: Duration,
    /// Between two pieces of an answer. Default 60 s: event streams send a comment more often.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(1),
            head: Duration::from_secs(15),
            feed_head: Duration::from_secs(40),
            idle: Duration::from_secs(60),
        }
    }
}

impl Timeouts {
    /// Returns how long the head of the answer for `path` may take.
    pub(crate) fn head_of(&self, path: &str) -> Duration {
        if path.ends_with("/feed") { self.feed_head } else { self.head }
    }
}

#[cfg(test)]
mod tests {
    use super::Timeouts;

    #[test]
    fn a_feed_may_wait_for_news() {
        let timeouts = Timeouts::default();
        assert_eq!(timeouts.head_of("/api/x/feed").as_secs(), 40);
        assert_eq!(timeouts.head_of("/api/x/feed/y").as_secs(), 15);
    }
}

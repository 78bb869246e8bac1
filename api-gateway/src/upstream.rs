//! The domains' services by name, and how long each may take.

use std::{collections::BTreeMap, str::FromStr, time::Duration};

use contract::valid_name;
use reqwest::Url;

/// Base URLs by domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstreams(BTreeMap<String, Url>);

/// An entry of the list that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not `<domain>=http://<host>:<port>`")]
pub struct UpstreamsError(String);

impl FromStr for Upstreams {
    type Err = UpstreamsError;

    fn from_str(list: &str) -> Result<Self, UpstreamsError> {
        let mut found = BTreeMap::new();
        for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let bad = || UpstreamsError(item.to_owned());
            let (domain, url) = item.split_once('=').ok_or_else(bad)?;
            let url = Url::parse(url).map_err(|_| bad())?;
            let plain = url.scheme() == "http" && url.path() == "/" && url.query().is_none();
            if !valid_name(domain) || !plain || found.insert(domain.to_owned(), url).is_some() {
                return Err(bad());
            }
        }
        Ok(Self(found))
    }
}

impl Upstreams {
    /// Adds those of `others`, in place of its own of the same names.
    pub(crate) fn put(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Returns where `path_and_query` is at the domain's service, as it was received.
    ///
    /// `None` for a domain that no service answers.
    pub(crate) fn url(&self, domain: &str, path_and_query: &str) -> Option<String> {
        let base = self.0.get(domain)?.as_str();
        Some([base.trim_end_matches('/'), path_and_query].concat())
    }
}

/// How long an upstream may take for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To accept a connection. Default 1 s: it is near, or it is down.
    pub connect: Duration,
    /// From the last byte of the request to the head of the answer. Default 15 s.
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
    use super::{Timeouts, Upstreams};

    #[test]
    fn a_feed_may_wait_for_news() {
        let timeouts = Timeouts::default();
        assert_eq!(timeouts.head_of("/api/x/feed").as_secs(), 40);
        assert_eq!(timeouts.head_of("/api/x/feed/y").as_secs(), 15);
    }

    #[test]
    fn a_list_names_each_domain_once() {
        let list: Upstreams = "search=http://127.0.0.1:1, ask=http://ask:80".parse().unwrap();
        let url = list.url("search", "/api/search/x?q=%20").unwrap();
        assert_eq!(url, "http://127.0.0.1:1/api/search/x?q=%20");
        assert_eq!(list.url("stories", "/"), None);
        for bad in [
            "search",
            "search=",
            "search=ftp://x",
            "search=https://x",
            "search=http://x/base",
            "Search=http://x",
            "a=http://x,a=http://y",
        ] {
            assert!(bad.parse::<Upstreams>().is_err(), "{bad}");
        }
    }
}

//! What the service reads from its environment.

use std::{net::SocketAddr, str::FromStr};

use axum::http::Uri;
use service_kit::env::{self, EnvError};

/// Where the stories domain tells its changes.
const FEED: &str = "/api/stories/feed";

/// How the service runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ASTERISM_LISTEN`: where to listen; a free port on loopback by default.
    pub listen: SocketAddr,
    /// `ASTERISM_STORIES_URL`: the stories service, for example `http://127.0.0.1:8082`; required.
    pub stories: BaseUrl,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// A variable is missing or cannot be understood.
    pub fn from_env() -> Result<Self, EnvError> {
        let expected = "the address of the stories service, such as http://127.0.0.1:8082";
        Ok(Self {
            listen: env::listen()?,
            stories: env::required("ASTERISM_STORIES_URL", expected)?,
        })
    }
}

/// The address of a service, without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Returns where the service's feed is.
    #[must_use]
    pub fn feed(&self) -> String {
        [&self.0, FEED].concat()
    }
}

/// A text that is no `http` address, or one with a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the address of a service")]
pub struct BadBaseUrl;

impl FromStr for BaseUrl {
    type Err = BadBaseUrl;

    fn from_str(text: &str) -> Result<Self, BadBaseUrl> {
        let uri: Uri = text.parse().map_err(|_| BadBaseUrl)?;
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        if !is_http || uri.host().is_none_or(str::is_empty) || uri.query().is_some() {
            return Err(BadBaseUrl);
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{BadBaseUrl, BaseUrl};

    #[test]
    fn the_feed_stands_below_the_base() {
        for (base, feed) in [
            ("http://127.0.0.1:8082", "http://127.0.0.1:8082/api/stories/feed"),
            ("http://127.0.0.1:8082/", "http://127.0.0.1:8082/api/stories/feed"),
            ("https://example.org/site/", "https://example.org/site/api/stories/feed"),
        ] {
            assert_eq!(base.parse::<BaseUrl>().unwrap().feed(), feed);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "stories", "127.0.0.1:8082", "/api", "ftp://a/", "http://", "http://a/?b"]
        {
            assert_eq!(text.parse::<BaseUrl>(), Err(BadBaseUrl), "{text}");
        }
    }
}

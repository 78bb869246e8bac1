//! What the journal is told by its environment.

use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use service_kit::{
    EdgeKey,
    env::{self, EnvError},
};

/// As long as the services keep them.
const KEPT_DAYS: u32 = 90;

/// How the journal runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ASTERISM_LISTEN`; a free port on loopback by default.
    pub listen: SocketAddr,
    /// `ASTERISM_DATA_DIR`: the folder of the journal; required.
    pub data_dir: PathBuf,
    /// `ASTERISM_EDGE_KEY`: by which services tell their events; required.
    pub edge_key: EdgeKey,
    /// `ASTERISM_EVENT_SOURCES`: the services, `<name>=<address>,…`; required.
    pub sources: Sources,
    /// `ASTERISM_GATEWAY_URL`: whose registry tells of releases; they are left out without it.
    pub gateway: Option<String>,
    /// `ASTERISM_JOURNAL_DAYS`: how long events are kept; 90 days by default.
    pub kept_days: u32,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// A variable is missing or cannot be understood.
    pub fn from_env() -> Result<Self, EnvError> {
        Ok(Self {
            listen: env::listen()?,
            data_dir: env::data_dir()?,
            edge_key: EdgeKey::new(env::required("ASTERISM_EDGE_KEY", "the site's edge key")?),
            sources: env::required(
                "ASTERISM_EVENT_SOURCES",
                "the services, such as one=http://127.0.0.1:8081,other=http://127.0.0.1:8082",
            )?,
            gateway: env::parsed("ASTERISM_GATEWAY_URL", "the gateway's address")?,
            kept_days: env::parsed("ASTERISM_JOURNAL_DAYS", "a number of days")?
                .unwrap_or(KEPT_DAYS),
        })
    }
}

/// Services by name, with their addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources(pub Vec<(String, String)>);

/// A text that is no list of services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of services, each once")]
pub struct BadSources;

impl FromStr for Sources {
    type Err = BadSources;

    fn from_str(text: &str) -> Result<Self, BadSources> {
        let mut sources: Vec<(String, String)> = Vec::new();
        for source in text.split(',') {
            let (name, base) = source.trim().split_once('=').ok_or(BadSources)?;
            let is_http = base.starts_with("http://") || base.starts_with("https://");
            // By the name an event is known: two services of one would hide each other's.
            if name.is_empty() || !is_http || sources.iter().any(|(other, _)| other == name) {
                return Err(BadSources);
            }
            sources.push((name.to_owned(), base.trim_end_matches('/').to_owned()));
        }
        Ok(Self(sources))
    }
}

#[cfg(test)]
mod tests {
    use super::{BadSources, Sources};

    #[test]
    fn sources_have_a_name_of_their_own_and_an_address() {
        let sources = "a=http://one:1/, b=https://two".parse::<Sources>().unwrap();
        let pair = |name: &str, base: &str| (name.to_owned(), base.to_owned());
        assert_eq!(sources.0, [pair("a", "http://one:1"), pair("b", "https://two")]);
        for text in
            ["", "a", "a=", "=http://x", "a=ftp://x", "a=http://x,a=http://y", "a=http://x,"]
        {
            assert_eq!(text.parse::<Sources>(), Err(BadSources), "{text}");
        }
    }
}

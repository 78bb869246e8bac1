//! Where everything is. Not here: reloading; a changed configuration takes a restart.

use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use service_kit::env::{self, EnvError};

use crate::{Timeouts, Upstreams, verdict::Policy};

/// The gateway's configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ASTERISM_LISTEN`, default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// `ASTERISM_REGISTRY`: a folder or a URL of the object store. Required.
    pub registry: String,
    /// `ASTERISM_SHELL_DIR`: the built shell, with `index.html` and `shell.json`. Required.
    pub shell_dir: PathBuf,
    /// `ASTERISM_UPSTREAMS`: `search=http://127.0.0.1:8081,…`, none by default. Instances are joined by `|`,
    /// pools are named `search.blue=…` (docs/upstreams.md).
    pub upstreams: Upstreams,
    /// `ASTERISM_SESSION_SECRET_FILE`: at least 32 bytes that all gateways of a site share. Without it
    /// sessions end with the process.
    pub session_secret: Option<PathBuf>,
    /// `ASTERISM_DATA_DIR`: where accounts and the audit log are. Without it there are none.
    pub data_dir: Option<PathBuf>,
    /// `ASTERISM_EDGE_KEY`: shared with the services, which believe a role only beside it. Without it they are
    /// told none.
    pub edge_key: Option<String>,
    /// `ASTERISM_POLICIES`: a file of Cedar policies in place of those that are built in.
    pub policies: Option<PathBuf>,
    /// `ASTERISM_OVERRIDE_ORIGINS`: from where a tab may load a remote in place of the released one, such
    /// as `http://localhost:*`. None by default.
    pub override_origins: Vec<String>,
    /// `ASTERISM_SESSIONS_PER_ADDRESS`: sessions of one network address that count for a version; 0 is no
    /// limit, and what a gateway behind a proxy needs, which shows it one address only. Default 5.
    pub sessions_per_address: usize,
    /// `ASTERISM_AUTO_ROLLBACK`: `on` (default) or `off`, tuned by `ASTERISM_ROLLBACK_MIN_SESSIONS` (20),
    /// `ASTERISM_ROLLBACK_PERCENT` (5) and `ASTERISM_ROLLBACK_WITHIN_MINUTES` (60).
    pub rollback: Option<Policy>,
    /// How long upstreams may take; not configurable from outside yet.
    pub timeouts: Timeouts,
}

impl Config {
    /// Reads the configuration from the environment.
    ///
    /// # Errors
    /// A required variable is missing, or one cannot be understood.
    pub fn from_env() -> Result<Self, EnvError> {
        let address = "an address such as 127.0.0.1:8080";
        let upstreams = "a list such as search=http://127.0.0.1:8081,ask=http://127.0.0.1:8082";
        let number = "a whole number";
        Ok(Self {
            listen: env::parsed("ASTERISM_LISTEN", address)?
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            registry: env::required("ASTERISM_REGISTRY", "a folder or URL for the registry")?,
            shell_dir: env::required("ASTERISM_SHELL_DIR", "the folder of the built shell")?,
            upstreams: env::parsed("ASTERISM_UPSTREAMS", upstreams)?.unwrap_or_default(),
            session_secret: env::parsed("ASTERISM_SESSION_SECRET_FILE", "a file")?,
            data_dir: env::parsed("ASTERISM_DATA_DIR", "a folder")?,
            edge_key: env::parsed("ASTERISM_EDGE_KEY", "a secret")?,
            policies: env::parsed("ASTERISM_POLICIES", "a file")?,
            override_origins: env::parsed::<Origins>("ASTERISM_OVERRIDE_ORIGINS", ORIGINS)?
                .unwrap_or_default()
                .0,
            sessions_per_address: env::parsed("ASTERISM_SESSIONS_PER_ADDRESS", number)?
                .unwrap_or(5),
            rollback: rollback()?,
            timeouts: Timeouts::default(),
        })
    }
}

fn rollback() -> Result<Option<Policy>, EnvError> {
    let switch = env::parsed::<Switch>("ASTERISM_AUTO_ROLLBACK", "`on` or `off`")?;
    if matches!(switch, Some(Switch::Off)) {
        return Ok(None);
    }
    let number = "a whole number";
    let usual = Policy::default();
    let sessions = env::parsed("ASTERISM_ROLLBACK_MIN_SESSIONS", number)?;
    let percent = env::parsed::<Percent>("ASTERISM_ROLLBACK_PERCENT", "0–100, such as 5")?;
    let minutes = env::parsed::<u32>("ASTERISM_ROLLBACK_WITHIN_MINUTES", number)?;
    Ok(Some(Policy {
        min_sessions: sessions.unwrap_or(usual.min_sessions),
        percent: percent.map_or(usual.percent, |Percent(percent)| percent),
        within: minutes.map_or(usual.within, |minutes| u64::from(minutes) * 60),
    }))
}

enum Switch {
    On,
    Off,
}

impl FromStr for Switch {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err(()),
        }
    }
}

struct Percent(f64);

impl FromStr for Percent {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        // No number is in a range that is not one itself: `NaN` would let every share exceed it.
        let percent = text.parse().ok().filter(|percent| (0.0..=100.0).contains(percent));
        percent.map(Self).ok_or(())
    }
}

const ORIGINS: &str = "a list of origins such as http://localhost:*,https://dev.example";

/// Origins as they may stand in a content security policy, and nothing that could end one.
#[derive(Default)]
struct Origins(Vec<String>);

impl FromStr for Origins {
    type Err = ();

    fn from_str(list: &str) -> Result<Self, ()> {
        let mut origins = Vec::new();
        for origin in list.split(',').map(str::trim).filter(|origin| !origin.is_empty()) {
            let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            let plain = |b: u8| b.is_ascii_alphanumeric() || b".-:*[]".contains(&b);
            if host.is_none_or(|host| host.is_empty() || !host.bytes().all(plain)) {
                return Err(());
            }
            origins.push(origin.to_owned());
        }
        Ok(Self(origins))
    }
}

#[cfg(test)]
mod tests {
    use super::{Origins, Percent};

    #[test]
    fn a_share_is_a_number_from_0_to_100() {
        assert_eq!("7.5".parse().map(|Percent(share)| share), Ok(7.5));
        for bad in ["NaN", "inf", "-1", "101", "5 %", ""] {
            assert!(bad.parse::<Percent>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_cannot_end_the_policy_that_it_stands_in() {
        let list: Origins = "http://localhost:*, https://dev.example".parse().unwrap_or_default();
        assert_eq!(list.0, ["http://localhost:*", "https://dev.example"]);
        for bad in
            ["*", "localhost", "http://", "http://x; script-src *", "http://x/path", "http://x y"]
        {
            assert!(bad.parse::<Origins>().is_err(), "{bad}");
        }
    }
}

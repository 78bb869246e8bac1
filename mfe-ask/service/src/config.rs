//! What operators set.

use std::{net::SocketAddr, num::NonZeroU16, path::PathBuf, time::Duration};

use service_kit::{
    EdgeKey,
    env::{self, EnvError},
};

use crate::ProviderSettings;

const PACE_MS: u64 = 12;
const TTL_DAYS: u16 = 30;

/// The service's settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ASTERISM_LISTEN`; a free port on loopback by default.
    pub listen: SocketAddr,
    /// `ASTERISM_DATA_DIR`: the folder of `ask.sqlite` and of the folder `archive`; required.
    pub data_dir: PathBuf,
    /// `ASTERISM_ASK_TTL_DAYS`: days without a question after which a conversation is archived; 30 by
    /// default, as long as a session lasts.
    pub ttl: time::Duration,
    /// `ASTERISM_STORIES_URL`: base of the stories service, for example `http://127.0.0.1:8082`.
    pub stories_url: String,
    /// `ASTERISM_GATEWAY_URL`: base of the gateway, through which the search is asked; required.
    pub gateway_url: String,
    /// `ASTERISM_EDGE_KEY`: by which programs of the site read the outbox, and the gateway is believed who
    /// signed in; neither without it.
    pub edge_key: Option<EdgeKey>,
    /// `ASTERISM_CHAT_URL` and others: a language model that composes.
    pub chat: Option<ProviderSettings>,
    /// `ASTERISM_ASK_PACE_MS`: pause between two pieces of a streamed answer; 12 ms by default.
    pub pace: Duration,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// A variable is missing or cannot be understood.
    pub fn from_env() -> Result<Self, EnvError> {
        let pace = env::parsed("ASTERISM_ASK_PACE_MS", "a number of milliseconds")?;
        let ttl = env::parsed::<NonZeroU16>("ASTERISM_ASK_TTL_DAYS", "a number of days, from 1")?;
        Ok(Self {
            listen: env::listen()?,
            data_dir: env::data_dir()?,
            ttl: time::Duration::days(ttl.map_or(TTL_DAYS, NonZeroU16::get).into()),
            stories_url: env::required(
                "ASTERISM_STORIES_URL",
                "the stories service, such as http://127.0.0.1:8082",
            )?,
            gateway_url: env::required(
                "ASTERISM_GATEWAY_URL",
                "the gateway, such as http://127.0.0.1:8080",
            )?,
            edge_key: EdgeKey::from_env()?,
            chat: ProviderSettings::from_env()?,
            pace: Duration::from_millis(pace.unwrap_or(PACE_MS)),
        })
    }

    /// Returns the address of the feed to follow.
    #[must_use]
    pub fn feed(&self) -> String {
        [self.stories_url.trim_end_matches('/'), "/api/stories/feed"].concat()
    }
}

//! What the service reads from its environment.

use std::{net::SocketAddr, path::PathBuf};

use service_kit::{
    EdgeKey,
    env::{self, EnvError},
};

use crate::BearerKey;

/// How the service runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ASTERISM_LISTEN`: where to listen; a free port on loopback by default.
    pub listen: SocketAddr,
    /// `ASTERISM_DATA_DIR`: the folder of `stories.db`; required.
    pub data_dir: PathBuf,
    /// `ASTERISM_EDITOR_KEY`: the bearer key of editors. `ASTERISM_EDGE_KEY`: by which a gateway says who is
    /// one. Editing is off without both.
    pub editor_key: Option<BearerKey>,
    /// `ASTERISM_EDGE_KEY` is also by which programs of the site read the outbox; nobody does without it.
    pub edge_key: Option<EdgeKey>,
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
            editor_key: BearerKey::from_env("editor", "ASTERISM_EDITOR_KEY")?,
            edge_key: EdgeKey::from_env()?,
        })
    }
}

//! What the service reads from its environment.

use std::{net::SocketAddr, path::PathBuf};

use service_kit::env::{self, EnvError};

use crate::BearerKey;

/// How the service runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ASTERISM_LISTEN`: where to listen; a free port on loopback by default.
    pub listen: SocketAddr,
    /// `ASTERISM_DATA_DIR`: the folder of `stories.db`; required.
    pub data_dir: PathBuf,
    /// `ASTERISM_EDITOR_KEY`: the bearer key of editors; editing is off without it.
    pub editor_key: Option<BearerKey>,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// A variable is missing or cannot be understood.
    pub fn from_env() -> Result<Self, EnvError> {
        let key = env::parsed::<String>("ASTERISM_EDITOR_KEY", "the editors' key")?;
        Ok(Self {
            listen: env::listen()?,
            data_dir: env::data_dir()?,
            editor_key: key.map(BearerKey::new),
        })
    }
}

//! What the service is told by its environment.

use std::{net::SocketAddr, path::PathBuf};

use service_kit::env::{self, EnvError};

/// The service's configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ASTERISM_LISTEN`; a free port on loopback by default.
    pub listen: SocketAddr,
    /// `ASTERISM_DATA_DIR`, required; the index is the folder `index` in it.
    pub data_dir: PathBuf,
    /// `ASTERISM_STORIES_URL`, required; the base of the stories service.
    pub stories_url: String,
}

impl Config {
    /// Reads the configuration.
    ///
    /// # Errors
    /// A variable is missing or cannot be understood.
    pub fn from_env() -> Result<Self, EnvError> {
        Ok(Self {
            listen: env::listen()?,
            data_dir: env::data_dir()?,
            stories_url: env::required(
                "ASTERISM_STORIES_URL",
                "the stories service, such as http://127.0.0.1:8082",
            )?,
        })
    }
}

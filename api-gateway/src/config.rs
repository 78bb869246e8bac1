//! Where everything is. Not here: reloading; a changed configuration takes a restart.

use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use service_kit::env::{self, EnvError};

use crate::{Timeouts, Upstreams};

/// The gateway's configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ASTERISM_LISTEN`, default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// `ASTERISM_REGISTRY`: a folder or a URL of the object store. Required.
    pub registry: String,
    /// `ASTERISM_SHELL_DIR`: the built shell, with `index.html` and `shell.json`. Required.
    pub shell_dir: PathBuf,
    /// `ASTERISM_UPSTREAMS`: `search=http://127.0.0.1:8081,…`, none by default.
    pub upstreams: Upstreams,
    /// `ASTERISM_REGISTRY_KEY_SHA256`: hex SHA-256 of the key that may release. Without it nobody may.
    pub registry_key: Option<KeyDigest>,
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
        let key = "a SHA-256 in hex, 64 characters";
        Ok(Self {
            listen: env::parsed("ASTERISM_LISTEN", address)?
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            registry: env::required("ASTERISM_REGISTRY", "a folder or URL for the registry")?,
            shell_dir: env::required("ASTERISM_SHELL_DIR", "the folder of the built shell")?,
            upstreams: env::parsed("ASTERISM_UPSTREAMS", upstreams)?.unwrap_or_default(),
            registry_key: env::parsed("ASTERISM_REGISTRY_KEY_SHA256", key)?,
            timeouts: Timeouts::default(),
        })
    }
}

/// The SHA-256 of a secret key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyDigest(pub [u8; 32]);

impl FromStr for KeyDigest {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest)?;
        Ok(Self(digest))
    }
}

impl KeyDigest {
    /// Returns a name for logs and history that tells keys apart and gives none away.
    pub(crate) fn name(self) -> String {
        ["key ", &hex::encode(&self.0[..4])].concat()
    }
}

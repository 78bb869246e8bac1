//! Configuration from environment variables.
//!
//! Every service's `Config::from_env` is made of these, so that a bad value is always reported with the
//! variable's name, the value and what was expected. Not here: files, reloading.

use std::str::FromStr;

/// A variable that is missing or cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum EnvError {
    /// It has no default.
    #[error("set {name}: {expected}")]
    Missing {
        /// The variable.
        name: &'static str,
        /// What it holds.
        expected: &'static str,
    },
    /// It does not parse.
    #[error("{name} is `{value}`, but must be {expected}")]
    Invalid {
        /// The variable.
        name: &'static str,
        /// What stands there.
        value: String,
        /// What it holds.
        expected: &'static str,
    },
}

/// Where a service listens. Read from `ASTERISM_LISTEN`; a free port on loopback by default.
///
/// # Errors
/// The variable is set and is no socket address.
pub fn listen() -> Result<std::net::SocketAddr, EnvError> {
    let default = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    Ok(parsed("ASTERISM_LISTEN", "an address such as 127.0.0.1:8081")?.unwrap_or(default))
}

/// The folder that a service keeps its data in. Read from `ASTERISM_DATA_DIR`; required.
///
/// # Errors
/// The variable is not set.
pub fn data_dir() -> Result<std::path::PathBuf, EnvError> {
    required("ASTERISM_DATA_DIR", "a folder for the service's data")
}

/// Returns a variable's value, `None` when unset or empty.
///
/// # Errors
/// The value does not parse as `T`.
pub fn parsed<T: FromStr>(
    name: &'static str,
    expected: &'static str,
) -> Result<Option<T>, EnvError> {
    let Some(value) = std::env::var(name).ok().filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    match value.parse() {
        Ok(parsed) => Ok(Some(parsed)),
        Err(_) => Err(EnvError::Invalid { name, value, expected }),
    }
}

/// Returns a variable's value.
///
/// # Errors
/// The variable is unset, empty, or does not parse as `T`.
pub fn required<T: FromStr>(name: &'static str, expected: &'static str) -> Result<T, EnvError> {
    parsed(name, expected)?.ok_or(EnvError::Missing { name, expected })
}

//! What is wrong with a configuration: where, what stands there, and what should.

use std::{fmt, path::PathBuf};

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Line(PathBuf, usize),
    Variable(&'static str),
}

/// One thing that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: cannot read it: {why}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system said.
        why: String,
    },
    /// The file is no TOML.
    #[error("{place}: {message}")]
    Syntax {
        /// File and line.
        place: String,
        /// What the parser said.
        message: String,
    },
    /// There is no such key.
    #[error("{place}: there is no key `{key}`{}", suggestion(near.as_deref()))]
    Unknown {
        /// File and line.
        place: String,
        /// What stands there.
        key: String,
        /// What was perhaps meant.
        near: Option<String>,
    },
    /// A value cannot be understood.
    #[error("{place}: `{key}` is {value}, but must be {expected}")]
    Invalid {
        /// File and line, or the variable.
        place: String,
        /// The key.
        key: String,
        /// What stands there.
        value: String,
        /// What it holds.
        expected: &'static str,
    },
    /// The values are fine each, but not what they name.
    #[error("{0}")]
    Unusable(String),
    /// A key has no default and is not set.
    #[error("set `{key}` (or {variable}): {expected}")]
    Missing {
        /// The key.
        key: &'static str,
        /// Its variable.
        variable: &'static str,
        /// What it holds.
        expected: &'static str,
    },
}

/// Everything that is wrong, one line each.
#[derive(Debug, Default, thiserror::Error)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {} error(s)", self.0.len())?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(file, line) => write!(f, "{}:{line}", file.display()),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

fn suggestion(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

//! Recording in a gateway's audit log what the tool does past it.
//!
//! Only for the site in the data folder, whose gateway's log is on this machine. Another gateway finds changed
//! keys and revisions in the registry by itself. Not here: those revisions; each gateway records what it sees.

use std::path::{Path, PathBuf};

use anyhow::Context;
use audit::{FILE, Log, Record};

use crate::{releases, up::GATEWAY_DATA};

/// The log, if there is one.
#[derive(Debug)]
pub(crate) struct Recorder(Option<PathBuf>);

impl Recorder {
    /// Returns the recorder of what is done to the registry at `location`.
    pub(crate) fn of(data: &Path, location: &str) -> Self {
        let own = std::path::absolute(location).is_ok_and(|at| at == data.join("registry"));
        if own { Self::in_folder(data.join(GATEWAY_DATA)) } else { Self(None) }
    }

    /// Returns the recorder of what is done in a gateway's data folder. A gateway that has not begun its log has
    /// not seen what is there either.
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self(folder.join(FILE).exists().then_some(folder))
    }

    /// Records something that was done.
    ///
    /// # Errors
    /// The log cannot be written; what was done is done.
    pub(crate) fn record(&self, what: &str, target: &str, outcome: &str) -> anyhow::Result<()> {
        let Some(folder) = &self.0 else { return Ok(()) };
        let record = Record::new(releases::who(), what, target, outcome);
        let recorded = Log::open(folder).and_then(|mut log| log.append(|_| vec![record]));
        recorded.map(drop).context("it is done, but could not be recorded")
    }
}

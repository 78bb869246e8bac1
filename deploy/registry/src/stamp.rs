//! Whether a file is still as it was, seen without reading it.

use std::time::SystemTime;

use crate::{Encoding, Registry, read::published};

/// What tells one state of a stored file from another: when it was written, and how long it is.
///
/// Objects that are not files on a disk are all the same to it: only a network could tell more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stamp(Option<(SystemTime, u64)>);

impl Registry {
    /// Returns the stamp of a file, of any name; one that is not there has another than all that are.
    ///
    /// Blocks for one look at the folder of a registry that is in one, and never otherwise.
    #[must_use]
    pub fn stamp(&self, remote: &str, version: &str, file: &str, encoding: Encoding) -> Stamp {
        let Some(folder) = &self.folder else { return Stamp::default() };
        let path = published(remote, version, file, encoding);
        let meta = path.and_then(|path| std::fs::metadata(folder.join(path.as_ref())).ok());
        Stamp(meta.and_then(|meta| Some((meta.modified().ok()?, meta.len()))))
    }
}

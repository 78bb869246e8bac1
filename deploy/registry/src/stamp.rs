//! Whether a file is still as it was, seen without reading it.

use std::{fs::Metadata, time::SystemTime};

use crate::{Encoding, Registry, read::may_be};

/// What tells one state of a stored file from another: when it was written, and how long it is.
///
/// Objects that are not files on a disk are all the same to it: only a network could tell more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stamp(Option<(SystemTime, u64)>);

impl Stamp {
    fn of(meta: &Metadata) -> Self {
        Self(meta.modified().ok().map(|modified| (modified, meta.len())))
    }
}

impl Registry {
    /// Returns the stamp of a file, of any name; one that is not there has another than all that are.
    ///
    /// Blocks for one look at the folder of a registry that is in one, and never otherwise.
    #[must_use]
    pub fn stamp(&self, remote: &str, version: &str, file: &str, encoding: Encoding) -> Stamp {
        let Some(folder) = self.folder.as_ref().filter(|_| may_be(remote, version, file)) else {
            return Stamp::default();
        };
        let mut path = folder.join("remotes");
        path.extend([remote, version]);
        path.push([file, encoding.suffix()].concat());
        std::fs::metadata(path).as_ref().map_or(Stamp::default(), Stamp::of)
    }
}

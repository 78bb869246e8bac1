//! A clock that can be set for one process: libfaketime, which stands in for the C library's clock.

use std::path::PathBuf;

use super::{Cache, apt};
use crate::failure::Failure;

const LIBRARY: &str = "faketime/libfaketimeMT.so.1";
const LIBRARIES: &str = "/usr/lib";

/// Makes sure that the library is there and returns it.
pub(crate) fn ensure(cache: &Cache) -> anyhow::Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(cache, &["libfaketime"], "to set the clock of a service (some seconds)")?;
    find().ok_or_else(|| {
        let what = "libfaketime was not found, and the clocks of services are set with it";
        Failure::new(what, "`sudo apt-get install libfaketime`").into()
    })
}

/// Looks below `/usr/lib/<architecture>`, where Debian puts it.
fn find() -> Option<PathBuf> {
    let folders = std::fs::read_dir(LIBRARIES).ok()?;
    let files = folders.filter_map(|folder| Some(folder.ok()?.path().join(LIBRARY)));
    files.into_iter().find(|file| file.is_file())
}

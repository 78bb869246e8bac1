//! Disks that are full, as services that keep their data in SQLite tell of them.

use std::{error::Error, io};

use axum::http::StatusCode;
use rusqlite::{ErrorCode, ffi};

use crate::ApiError;

/// Tells whether the disk does not take what is written: SQLite knows a full disk as such only in some places,
/// and a quota only as a failed write.
#[must_use]
pub fn is_full(error: &rusqlite::Error) -> bool {
    const WRITING: [i32; 5] = [
        ffi::SQLITE_IOERR_WRITE,
        ffi::SQLITE_IOERR_FSYNC,
        ffi::SQLITE_IOERR_TRUNCATE,
        ffi::SQLITE_IOERR_SHMOPEN,
        ffi::SQLITE_IOERR_SHMSIZE,
    ];
    let Some(error) = error.sqlite_error() else { return false };
    error.code == ErrorCode::DiskFull || WRITING.contains(&error.extended_code)
}

/// Tells the same of a file that is written without SQLite.
#[must_use]
pub fn takes_no_more(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// Returns what a caller is told of it: 507 `storage-full`.
pub fn full(cause: impl Error + Send + Sync + 'static) -> ApiError {
    let detail = "The disk of the service is full: nothing new can be kept at the moment. What was kept before is \
                  still there. Try again later.";
    ApiError::new(StatusCode::INSUFFICIENT_STORAGE, "storage-full", detail).caused_by(cause)
}

#[cfg(test)]
mod tests {
    use std::io;

    use rusqlite::{Error, ffi};

    use super::{is_full, takes_no_more};

    #[test]
    fn a_disk_that_takes_nothing_is_told_from_other_failures() {
        let full = |code| is_full(&Error::SqliteFailure(ffi::Error::new(code), None));
        assert!(full(ffi::SQLITE_FULL) && full(ffi::SQLITE_IOERR_WRITE));
        assert!(!full(ffi::SQLITE_IOERR_READ) && !full(ffi::SQLITE_CORRUPT));
        assert!(takes_no_more(&io::Error::from_raw_os_error(28)), "ENOSPC");
        assert!(!takes_no_more(&io::ErrorKind::NotFound.into()));
    }
}

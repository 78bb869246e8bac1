//! The log's file.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{Entry, Fault, Head, Record, verify::read};

/// The log's name in a data folder.
pub const FILE: &str = "audit.jsonl";

/// The log cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The file cannot be used.
    #[error("cannot use the audit log {}", .path.display())]
    File {
        /// Where it is.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody changed it. Nothing is added to what cannot be trusted.
    #[error("the audit log {} is damaged; keep it, and let a new one begin", .path.display())]
    Damaged {
        /// Where it is.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: Fault,
    },
}

/// An open log. Other processes may have it open too.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    /// So much of the file is known.
    length: u64,
    head: Option<Head>,
}

impl Log {
    /// Opens the log of a data folder, and begins one where there is none; nothing is read yet.
    ///
    /// # Errors
    /// The file cannot be opened or made.
    pub fn open(folder: &Path) -> Result<Self, AuditError> {
        let path = folder.join(FILE);
        let open = || {
            std::fs::create_dir_all(folder)?;
            let mut options = OpenOptions::new();
            options.read(true).append(true).create(true).mode(0o600).open(&path)
        };
        match open() {
            Ok(file) => Ok(Self { path, file, length: 0, head: None }),
            Err(source) => Err(AuditError::File { path, source }),
        }
    }

    /// Returns the newest entry that is known, `None` for a log that was not read or is empty.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// Adds what `decide` makes of the entries that were added since the last call, and returns when the
    /// disk has it. The first call sees the whole log.
    ///
    /// No other process adds anything meanwhile. A line that a crash left incomplete is removed, and that is
    /// an entry too. Returns the entries that this call added.
    ///
    /// # Errors
    /// The file cannot be read or written, in which case nothing was added, or it was tampered with.
    pub fn append(
        &mut self,
        decide: impl FnOnce(&[Entry]) -> Vec<Record>,
    ) -> Result<Vec<Entry>, AuditError> {
        self.file.lock().map_err(|source| self.failed(source))?;
        let added = self.locked(decide);
        let unlocked = self.file.unlock().map_err(|source| self.failed(source));
        added.and_then(|added| unlocked.map(|()| added))
    }

    fn locked(
        &mut self,
        decide: impl FnOnce(&[Entry]) -> Vec<Record>,
    ) -> Result<Vec<Entry>, AuditError> {
        let (news, cut) = self.news()?;
        let mended = (cut > 0).then(|| {
            let outcome = format!("removed {cut} bytes of an entry that was never confirmed");
            Record::new("log", "mend", "", outcome)
        });
        let at = now();
        let mut head = self.head.clone();
        let (mut added, mut lines) = (Vec::new(), String::new());
        for record in mended.into_iter().chain(decide(&news)) {
            let entry = Entry::after(head.as_ref(), &at, record);
            lines.push_str(&entry.line());
            lines.push('\n');
            head = Some(entry.head());
            added.push(entry);
        }
        if added.is_empty() {
            return Ok(added);
        }
        let written = self.file.write_all(lines.as_bytes()).and_then(|()| self.file.sync_data());
        if let Err(source) = written {
            // What stands there half must not be taken for an entry that somebody was told of.
            self.file.set_len(self.length).ok();
            return Err(self.failed(source));
        }
        self.length += lines.len() as u64;
        self.head = head;
        Ok(added)
    }

    /// Reads what is new, and removes what a crash cut; returns how many bytes that were.
    fn news(&mut self) -> Result<(Vec<Entry>, usize), AuditError> {
        let mut bytes = Vec::new();
        let mut file = &self.file;
        file.seek(SeekFrom::Start(self.length))
            .and_then(|_| file.read_to_end(&mut bytes))
            .map_err(|source| self.failed(source))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let news = read(&bytes[..whole], self.head.as_ref())
            .map_err(|source| AuditError::Damaged { path: self.path.clone(), source })?;
        let cut = bytes.len() - whole;
        self.length += whole as u64;
        if cut > 0 {
            self.file.set_len(self.length).map_err(|source| self.failed(source))?;
        }
        if let Some(last) = news.last() {
            self.head = Some(last.head());
        }
        Ok((news, cut))
    }

    fn failed(&self, source: io::Error) -> AuditError {
        AuditError::File { path: self.path.clone(), source }
    }
}

fn now() -> String {
    let now = OffsetDateTime::now_utc();
    // Only years after 9999 cannot be written.
    now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default()
}

//! A bundle as one file, `.tar.zst`, as it travels to a registry.
//!
//! An archive comes from outside, so reading one holds no more than its limits, and writes nothing.
//!
//! Not here: what the files say. That is checked at publish, like a bundle from a folder.

use std::{
    collections::HashSet,
    io::{self, BufRead, BufReader, Read},
};

use bytes::Bytes;
use ruzstd::{
    decoding::StreamingDecoder,
    encoding::{CompressionLevel, compress_to_vec},
};

use crate::{Bundle, DESCRIPTOR, RegistryError, SIGNATURE, check::safe_name};

/// How much an archive may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Files, folders among them.
    pub files: usize,
    /// Bytes after decompression, the archive's own headers among them.
    pub bytes: u64,
    /// Memory that the decompressor may take for its window, as a power of two.
    pub window_log: u8,
}

impl Default for ArchiveLimits {
    /// 2,000 files, 100 MiB, a window of 16 MiB (`zstd -19` takes 8).
    fn default() -> Self {
        Self { files: 2000, bytes: 100 << 20, window_log: 24 }
    }
}

impl Bundle {
    /// Reads a `.tar.zst` with `remote.json` and `remote.json.sig` at its top.
    ///
    /// # Errors
    /// The archive is damaged, truncated or followed by something, holds more than the limits, or holds
    /// anything but plain files and folders with safe and distinct names.
    pub fn read_archive(reader: impl Read, limits: &ArchiveLimits) -> Result<Self, RegistryError> {
        let window = 1 << limits.window_log;
        let decoder = StreamingDecoder::new_with_max_window_size(BufReader::new(reader), window)
            .map_err(|error| unreadable(io::Error::other(error)))?;
        let mut archive =
            tar::Archive::new(Limited { inner: decoder, limit: limits.bytes, read: 0, zeros: 0 });
        let mut reading = Reading::default();
        for entry in archive.entries().map_err(unreadable)? {
            reading.take(entry.map_err(unreadable)?, limits)?;
        }
        let mut tail = archive.into_inner();
        the_end(&mut tail)?;
        let (mut rest, decoded) = tail.inner.into_parts();
        let stated = decoded.get_checksum_from_data();
        if stated.is_some() && stated != decoded.get_calculated_checksum() {
            return Err(refuse("the archive is damaged: its checksum does not fit".to_owned()));
        }
        if !rest.fill_buf().map_err(unreadable)?.is_empty() {
            return Err(refuse("something follows the end of the archive".to_owned()));
        }
        reading.bundle()
    }

    /// Returns the bundle as a `.tar.zst`, the same bytes for the same bundle.
    ///
    /// # Errors
    /// A name is too long for an archive.
    pub fn to_archive(&self) -> Result<Vec<u8>, RegistryError> {
        let mut builder = tar::Builder::new(Vec::new());
        let signature = self.signature.iter().map(|bytes| (SIGNATURE, bytes));
        let top = std::iter::once((DESCRIPTOR, &self.descriptor)).chain(signature);
        let files = self.files.iter().map(|(name, bytes)| (name.as_str(), bytes));
        for (name, bytes) in top.chain(files) {
            let mut header = tar::Header::new_ustar();
            header.set_mode(0o644);
            header.set_size(bytes.len() as u64);
            header.set_mtime(0);
            builder.append_data(&mut header, name, &**bytes).map_err(unwritable)?;
        }
        let tar = builder.into_inner().map_err(unwritable)?;
        Ok(compress_to_vec(&*tar, CompressionLevel::Fastest))
    }
}

/// Bytes at a tar's end: two blocks of zeros.
const END: u64 = 1024;

#[derive(Default)]
struct Reading {
    bundle: Bundle,
    descriptor: bool,
    entries: usize,
    /// As their headers say.
    bytes: u64,
    /// Lower case: some stores cannot tell `A.js` from `a.js`.
    seen: HashSet<String>,
}

impl Reading {
    fn take<R: Read>(
        &mut self,
        mut entry: tar::Entry<'_, R>,
        limits: &ArchiveLimits,
    ) -> Result<(), RegistryError> {
        self.entries += 1;
        if self.entries > limits.files {
            return Err(refuse(format!("it holds more than {} files", limits.files)));
        }
        let kind = entry.header().entry_type();
        let name = name_of(&entry)?;
        match kind {
            tar::EntryType::Directory => return folder(&name),
            tar::EntryType::Regular => {}
            _ => return Err(refuse(format!("`{name}` is a link or a device, not a file"))),
        }
        let name = file(&name)?;
        if !self.seen.insert(name.to_ascii_lowercase()) {
            return Err(refuse(format!(
                "`{name}` is there twice; names that differ only in case count as the same"
            )));
        }
        self.bytes = self.bytes.saturating_add(entry.size());
        if self.bytes > limits.bytes {
            return Err(refuse(format!("it holds more than {} bytes", limits.bytes)));
        }
        // Grows with what comes, not with what the header says.
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(unreadable)?;
        let bytes = Bytes::from(bytes);
        match name {
            DESCRIPTOR => {
                self.bundle.descriptor = bytes;
                self.descriptor = true;
            }
            SIGNATURE => self.bundle.signature = Some(bytes),
            _ => drop(self.bundle.files.insert(name.to_owned(), bytes)),
        }
        Ok(())
    }

    fn bundle(self) -> Result<Bundle, RegistryError> {
        if self.descriptor {
            return Ok(self.bundle);
        }
        Err(refuse(format!("there is no `{DESCRIPTOR}` at the archive's top")))
    }
}

fn name_of<R: Read>(entry: &tar::Entry<'_, R>) -> Result<String, RegistryError> {
    match std::str::from_utf8(&entry.path_bytes()) {
        Ok(name) => Ok(name.to_owned()),
        Err(_) => Err(refuse("a file's name is not UTF-8".to_owned())),
    }
}

/// Returns the name without the `./` that `tar -C dir .` puts before each.
fn plain(name: &str) -> Result<&str, RegistryError> {
    if name.starts_with('/') {
        return Err(refuse(format!("`{name}` is an absolute path")));
    }
    if name.split('/').any(|part| part == "..") {
        return Err(refuse(format!("`{name}` leads out of the archive")));
    }
    Ok(name.strip_prefix("./").unwrap_or(name))
}

fn folder(name: &str) -> Result<(), RegistryError> {
    let name = plain(name)?;
    let name = name.strip_suffix('/').unwrap_or(name);
    if matches!(name, "" | ".") || safe_name(name) {
        return Ok(());
    }
    Err(refuse(format!("the folder name `{name}` is not allowed")))
}

fn file(name: &str) -> Result<&str, RegistryError> {
    let name = plain(name)?;
    if matches!(name, DESCRIPTOR | SIGNATURE) || safe_name(name) {
        return Ok(name);
    }
    Err(refuse(format!("the file name `{name}` is not allowed")))
}

/// Reads what follows the last file, which must be the end mark and padding.
fn the_end(tail: &mut Limited<impl Read>) -> Result<(), RegistryError> {
    let mut buffer = [0; 8192];
    loop {
        match tail.read(&mut buffer).map_err(unreadable)? {
            0 if tail.zeros >= END => return Ok(()),
            0 => {
                return Err(refuse("the archive is truncated: its end mark is missing".to_owned()));
            }
            n if buffer.iter().take(n).any(|byte| *byte != 0) => {
                return Err(refuse("something follows the last file".to_owned()));
            }
            _ => {}
        }
    }
}

/// Counts what comes through, refuses more than the limit, and knows how many zeros came last.
struct Limited<R> {
    inner: R,
    limit: u64,
    read: u64,
    zeros: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.read += n as u64;
        if self.read > self.limit {
            let error = format!("it holds more than {} bytes", self.limit);
            return Err(io::Error::other(error));
        }
        let last = buffer.iter().take(n).rev().take_while(|byte| **byte == 0).count();
        self.zeros = if last == n { self.zeros + n as u64 } else { last as u64 };
        Ok(n)
    }
}

fn refuse(why: String) -> RegistryError {
    RegistryError::InvalidBundle(why)
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` calls")]
fn unreadable(error: io::Error) -> RegistryError {
    let cause = std::error::Error::source(&error).map(|cause| format!(" ({cause})"));
    refuse(format!("the archive cannot be read: {error}{}", cause.unwrap_or_default()))
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` calls")]
fn unwritable(error: io::Error) -> RegistryError {
    refuse(format!("it cannot be put into an archive: {error}"))
}

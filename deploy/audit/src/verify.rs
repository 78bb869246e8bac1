//! Finding the first entry that is not what was written.

use crate::{Entry, Head, entry::NO_HASH};

/// The first entry that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {entry} {kind}")]
pub struct Fault {
    /// Its place in the file, 1 for the first.
    pub entry: u64,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The line is no entry in its canonical form.
    #[error("is damaged: its line is not one that this log writes")]
    Damaged,
    /// The last line has no end.
    #[error(
        "is incomplete: a crash cut it, or somebody did; a gateway removes it when it next writes"
    )]
    Incomplete,
    /// The entry's own hash is another one.
    #[error("was changed: it does not have the hash that it states")]
    Changed,
    /// An entry is missing before it, or stands elsewhere.
    #[error("is not the next one: entries before it were removed or reordered")]
    OutOfOrder,
    /// What is before it was made anew.
    #[error("does not continue the entry before it, which was replaced")]
    Unchained,
    /// The log ends before an entry that is known to have been there.
    #[error("is missing: the end of the log was cut off")]
    Missing,
    /// The entry is another one than the head that was kept elsewhere names.
    #[error("was replaced: the head that was kept elsewhere names another one")]
    Replaced,
}

/// Reads a whole log and checks that every entry is as it was written.
///
/// `heads` are those that were kept elsewhere: without one, an end that was cut off cannot be noticed.
///
/// # Errors
/// The first entry that was changed, removed, reordered or cut off.
pub fn verify(log: &[u8], heads: &[Head]) -> Result<Vec<Entry>, Fault> {
    let entries = read(log, None)?;
    let wrong = |head: &&Head| {
        let index = usize::try_from(head.sequence).unwrap_or(usize::MAX).wrapping_sub(1);
        entries.get(index).is_none_or(|entry| entry.hash != head.hash)
    };
    let Some(head) = heads.iter().filter(wrong).min_by_key(|head| head.sequence) else {
        return Ok(entries);
    };
    let count = entries.len() as u64;
    if head.sequence > count {
        return Err(Fault { entry: count + 1, kind: FaultKind::Missing });
    }
    Err(Fault { entry: head.sequence, kind: FaultKind::Replaced })
}

/// Reads entries that follow `head`, or all of a log.
///
/// # Errors
/// The first entry that does not follow the one before it.
pub fn read(lines: &[u8], head: Option<&Head>) -> Result<Vec<Entry>, Fault> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut last = head.cloned();
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        let number = last.as_ref().map_or(1, |last| last.sequence + 1);
        let entry =
            follows(last.as_ref(), number, line).map_err(|kind| Fault { entry: number, kind })?;
        last = Some(entry.head());
        entries.push(entry);
    }
    Ok(entries)
}

fn follows(last: Option<&Head>, number: u64, line: &[u8]) -> Result<Entry, FaultKind> {
    let line = line.strip_suffix(b"\n").ok_or(FaultKind::Incomplete)?;
    let entry: Entry = serde_json::from_slice(line).map_err(|_| FaultKind::Damaged)?;
    if entry.line().as_bytes() != line {
        return Err(FaultKind::Damaged);
    }
    if entry.computed_hash() != entry.hash {
        return Err(FaultKind::Changed);
    }
    if entry.sequence != number {
        return Err(FaultKind::OutOfOrder);
    }
    if entry.previous != last.map_or(NO_HASH, |last| &last.hash) {
        return Err(FaultKind::Unchained);
    }
    Ok(entry)
}

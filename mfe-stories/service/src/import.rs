//! Many stories at once, from a stream of any length, in bounded memory.
//!
//! What arrives is gathered into batches, and the next piece is read only when the batch before is stored:
//! who sends faster than the disk takes is slowed down by TCP. Good lines of a batch are one transaction.
//! An atomic import writes them to a file first and to the store at the end, in one transaction, so that a
//! slow sender holds no lock on anything.
//!
//! Not here: HTTP. Dropping an [`Import`] ends it: batches that were stored stay, an atomic one leaves nothing.

use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Seek, Write},
    sync::Arc,
};

use bytes::Bytes;
use contract::FieldError;
use mfe_stories_api::{
    ImportReport, LineError, Story,
    lines::{self, Judge, Judged, Line, Splitter},
};

use crate::store::{Entry, Store, StoreError, Written};

/// Bytes that are gathered before they are worked on: enough that a transaction's flush is rare.
pub(crate) const BATCH: usize = 1024 * 1024;
/// Lines whose errors are reported.
const MAX_REPORTED: u64 = 100;

/// An import that is under way. Its methods block.
#[derive(Debug)]
pub(crate) struct Import {
    store: Arc<Store>,
    splitter: Splitter,
    judge: Judge,
    keeper: Keeper,
    report: ImportReport,
}

/// Where good stories go.
#[derive(Debug)]
enum Keeper {
    /// Into the store, batch by batch.
    Store,
    /// Into a file until all are in order; `id`, tab, JSON on each line.
    Stage(BufWriter<File>),
    /// Nowhere: it was to be atomic, and a line is wrong.
    Nothing,
}

impl Import {
    /// Begins an import.
    ///
    /// # Errors
    /// An atomic one has no room for its stage.
    pub(crate) fn begin(store: Arc<Store>, atomic: bool) -> Result<Self, StoreError> {
        let keeper = match atomic {
            true => Keeper::Stage(BufWriter::new(store.stage()?)),
            false => Keeper::Store,
        };
        let (splitter, judge, report) = <(Splitter, Judge, ImportReport)>::default();
        Ok(Self { store, splitter, judge, keeper, report })
    }

    /// Returns what was done so far.
    pub(crate) fn report(&self) -> &ImportReport {
        &self.report
    }

    /// Takes the next pieces of the stream.
    ///
    /// # Errors
    /// The store failed; nothing of these pieces is stored.
    pub(crate) fn take(&mut self, pieces: &[Bytes]) -> Result<(), StoreError> {
        let mut good = Vec::new();
        let (judge, report) = (&mut self.judge, &mut self.report);
        for piece in pieces {
            self.splitter.push(piece, |line| judge_line(judge, report, line, &mut good));
        }
        self.keep(&good)
    }

    /// Takes the end of the stream. Returns the report, and whether an atomic import was refused by it.
    ///
    /// # Errors
    /// The store failed; of an atomic import nothing is stored.
    pub(crate) fn finish(mut self) -> Result<(ImportReport, Verdict), StoreError> {
        let mut good = Vec::new();
        let (judge, report) = (&mut self.judge, &mut self.report);
        self.splitter.finish(|line| judge_line(judge, report, line, &mut good));
        self.keep(&good)?;
        let verdict = match self.keeper {
            Keeper::Store => Verdict::Done,
            Keeper::Nothing => Verdict::Refused,
            Keeper::Stage(stage) => {
                let written = self.store.put_all(staged(stage)?)?;
                count(&mut self.report, written);
                Verdict::Done
            }
        };
        Ok((self.report, verdict))
    }

    fn keep(&mut self, good: &[Story]) -> Result<(), StoreError> {
        if self.report.refused > 0 && matches!(self.keeper, Keeper::Stage(_)) {
            self.keeper = Keeper::Nothing;
        }
        match &mut self.keeper {
            Keeper::Nothing => Ok(()),
            Keeper::Store => {
                let written = self.store.put_all(good.iter().map(entry))?;
                count(&mut self.report, written);
                Ok(())
            }
            Keeper::Stage(stage) => {
                for story in good {
                    let Entry { id, body } = entry(story)?;
                    writeln!(stage, "{id}\t{body}")?;
                }
                Ok(())
            }
        }
    }
}

/// What became of an import that came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Good lines are stored.
    Done,
    /// It was to be atomic, and a line is wrong: nothing is stored.
    Refused,
}

fn judge_line(judge: &mut Judge, report: &mut ImportReport, line: Line<'_>, good: &mut Vec<Story>) {
    let wrong = match judge.judge(line) {
        Judged::Blank => return,
        Judged::Story(story) => {
            report.lines += 1;
            good.push(*story);
            return;
        }
        Judged::Wrong(wrong) => wrong,
    };
    report.lines += 1;
    report.refused += 1;
    if report.refused <= MAX_REPORTED {
        let line = judge.line();
        let error = |FieldError { field, detail }| LineError { line, field, detail };
        report.errors.extend(wrong.into_iter().map(error));
    }
}

fn count(report: &mut ImportReport, written: Written) {
    report.added += written.added;
    report.replaced += written.replaced;
    report.unchanged += written.unchanged;
}

fn entry(story: &Story) -> Result<Entry, StoreError> {
    let id = story.id.clone();
    match lines::write(story) {
        Ok(body) => Ok(Entry { id, body }),
        Err(source) => Err(StoreError::Body { id, source }),
    }
}

fn staged(
    stage: BufWriter<File>,
) -> Result<impl Iterator<Item = Result<Entry, StoreError>>, StoreError> {
    let mut file = stage.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(BufReader::new(file).lines().map(|line| {
        let line = line?;
        let (id, body) = line
            .split_once('\t')
            .ok_or(std::io::ErrorKind::InvalidData)
            .map_err(std::io::Error::from)?;
        Ok(Entry { id: id.to_owned(), body: body.to_owned() })
    }))
}

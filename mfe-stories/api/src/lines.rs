//! Stories as JSON Lines: cutting bytes into lines, and judging each line.
//!
//! Both in bounded memory, however long the file is and however it arrives in pieces. Not here: files,
//! sockets, and what becomes of a story.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use contract::FieldError;

use crate::{Story, problems};

/// Longest line in bytes. Every story that is in order fits (see [`problems`]).
pub const MAX_LINE: usize = 1024 * 1024;

/// Most lines of one file: what is remembered of each is bounded by it.
pub const MAX_LINES: u32 = 1_000_000;

/// A line of a file, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Its bytes.
    Bytes(&'a [u8]),
    /// Longer than [`MAX_LINE`]: its bytes were not kept.
    TooLong,
}

/// Cuts pieces of a file into lines; keeps the beginning of an unfinished one.
#[derive(Debug, Default)]
pub struct Splitter {
    begun: Vec<u8>,
    too_long: bool,
}

impl Splitter {
    /// Gives the next piece and gets each line that ends in it.
    pub fn push(&mut self, piece: &[u8], mut on_line: impl FnMut(Line<'_>)) {
        let mut parts = piece.split(|byte| *byte == b'\n');
        // What follows the last end is the beginning of a line, and empty when nothing follows.
        let rest = parts.next_back().unwrap_or_default();
        for end in parts {
            if self.begun.is_empty() && !self.too_long && end.len() <= MAX_LINE {
                on_line(Line::Bytes(end));
            } else {
                self.keep(end);
                self.end(&mut on_line);
            }
        }
        self.keep(rest);
    }

    /// Gets the last line, when the file does not end with the end of a line.
    pub fn finish(&mut self, mut on_line: impl FnMut(Line<'_>)) {
        if self.too_long || !self.begun.is_empty() {
            self.end(&mut on_line);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.too_long || self.begun.len() + bytes.len() > MAX_LINE {
            self.too_long = true;
            self.begun = Vec::new();
        } else {
            self.begun.extend_from_slice(bytes);
        }
    }

    fn end(&mut self, on_line: &mut impl FnMut(Line<'_>)) {
        on_line(if self.too_long { Line::TooLong } else { Line::Bytes(&self.begun) });
        self.begun.clear();
        self.too_long = false;
    }
}

/// What a line is.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// Nothing but space.
    Blank,
    /// A story that may be stored.
    Story(Box<Story>),
    /// What is wrong with it; a `field` may be empty, for the line as a whole.
    Wrong(Vec<FieldError>),
}

/// Judges the lines of one file in their order.
#[derive(Debug, Default)]
pub struct Judge {
    line: u32,
    /// Of each id its hash and the line that it stands on. A hash, so that memory is bounded: that two ids
    /// of one file have the same comes once in tens of millions of the longest files.
    seen: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Judge {
    /// Returns the number of the line that was judged last, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        u64::from(self.line)
    }

    /// Returns what the next line is.
    pub fn judge(&mut self, line: Line<'_>) -> Judged {
        self.line = self.line.saturating_add(1);
        let Line::Bytes(bytes) = line else {
            return whole(format!("the line is longer than {MAX_LINE} bytes"));
        };
        // Some editors begin a file with a byte order mark.
        let bytes =
            bytes.strip_prefix("\u{feff}".as_bytes()).filter(|_| self.line == 1).unwrap_or(bytes);
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            return Judged::Blank;
        }
        if self.line > MAX_LINES {
            return whole(format!("a file has at most {MAX_LINES} lines: split it"));
        }
        // Serde would also take the fields' values alone, in their order.
        if matches!(bytes[0], b'[' | b'"' | b'0'..=b'9' | b'n' | b't' | b'f' | b'-') {
            return whole("must be a JSON object".to_owned());
        }
        let story = match read(bytes) {
            Ok(story) => story,
            Err(error) => return Judged::Wrong(vec![error]),
        };
        let wrong = problems(&story.id, &story);
        if !wrong.is_empty() {
            return Judged::Wrong(wrong);
        }
        let first = *self.seen.entry(self.hasher.hash_one(&story.id)).or_insert(self.line);
        if first != self.line {
            return wrong_field("id", format!("stands on line {first} already"));
        }
        Judged::Story(Box::new(story))
    }
}

/// Returns a story as a line, without its end. Reading it gives the same story.
///
/// # Errors
/// None that a story can cause: its fields are texts and lists of texts.
pub fn write(story: &Story) -> Result<String, serde_json::Error> {
    serde_json::to_string(story)
}

fn read(bytes: &[u8]) -> Result<Story, FieldError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let story = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        // Of bad JSON only the place tells anything; a path would name what comes before it.
        let field = if inner.is_data() && path != "." { path } else { String::new() };
        FieldError { field, detail: said(&inner) }
    })?;
    deserializer
        .end()
        .map_err(|error| FieldError { field: String::new(), detail: said(&error) })?;
    Ok(story)
}

/// Returns serde's words with the column alone: the line is that of the file, and is told beside it.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at line ") {
        Some((what, _)) if error.is_data() => what.to_owned(),
        Some((what, _)) => format!("not valid JSON: {what} at column {}", error.column()),
        None => text,
    }
}

fn whole(detail: String) -> Judged {
    wrong_field("", detail)
}

fn wrong_field(field: &str, detail: String) -> Judged {
    Judged::Wrong(vec![FieldError { field: field.to_owned(), detail }])
}

#[cfg(test)]
mod tests;

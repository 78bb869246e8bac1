//! The feed's cursor: which store, and how far. Opaque to callers.

use std::{fmt, str::FromStr};

/// A place in the feed of one store, written `<epoch>-<seq>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Names the store; a store that is made anew gets another.
    pub(crate) epoch: String,
    /// Of the last change that was read; 0 before the first.
    pub(crate) seq: i64,
}

/// A text that no store wrote.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no cursor")]
pub(crate) struct BadCursor(String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.seq)
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let parse = || {
            let (epoch, seq) = text.split_once('-')?;
            let is_epoch = epoch.len() == 32 && epoch.bytes().all(|b| b.is_ascii_hexdigit());
            let is_seq = !seq.is_empty() && seq.bytes().all(|b| b.is_ascii_digit());
            let seq = seq.parse().ok().filter(|_| is_epoch && is_seq)?;
            Some(Self { epoch: epoch.to_owned(), seq })
        };
        parse().ok_or_else(|| BadCursor(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    const EPOCH: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        for seq in [0, 1, i64::MAX] {
            let cursor = Cursor { epoch: EPOCH.to_owned(), seq };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for tail in ["", "-", "-1-2", "--1", "-+1", "-1.0", "-9223372036854775808", "- 1"] {
            assert!([EPOCH, tail].concat().parse::<Cursor>().is_err(), "{tail}");
        }
        for text in ["", "-", "12", "abc-1", "g123456789abcdef0123456789abcdef-1"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}

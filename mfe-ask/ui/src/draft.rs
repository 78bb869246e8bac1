//! What may be sent, and how tall its field is.

pub(crate) use mfe_ask_api::LONGEST_QUESTION as LONGEST;

/// From here on, the length is told.
const NEARLY: usize = 800;

/// How a draft stands to the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Nothing but blanks.
    Empty,
    /// May be sent.
    Fits,
    /// May be sent, but has this many characters: close to the limit.
    Nearly(usize),
    /// Has this many characters: too many.
    TooLong(usize),
}

impl Fit {
    /// Measures a draft as the service does: without the blanks around it, in characters.
    pub(crate) fn of(draft: &str) -> Self {
        match draft.trim().chars().count() {
            0 => Self::Empty,
            length if length > LONGEST => Self::TooLong(length),
            length if length > NEARLY => Self::Nearly(length),
            _ => Self::Fits,
        }
    }

    /// Tells whether the draft may be sent.
    pub(crate) fn sendable(self) -> bool {
        matches!(self, Self::Fits | Self::Nearly(_))
    }
}

/// Returns the rows of a field that cannot grow by itself (no `field-sizing`), 1–8.
pub(crate) fn rows(draft: &str) -> usize {
    (draft.bytes().filter(|byte| *byte == b'\n').count() + 1).min(8)
}

#[cfg(test)]
mod tests {
    use super::{Fit, rows};

    #[test]
    fn a_draft_is_measured_in_characters_without_outer_blanks() {
        for (draft, fit, sendable) in [
            (" \n ".to_owned(), Fit::Empty, false),
            ("Why?".to_owned(), Fit::Fits, true),
            ("ü".repeat(800), Fit::Fits, true),
            ("ü".repeat(801), Fit::Nearly(801), true),
            ([" ", &"ü".repeat(1000), "\n"].concat(), Fit::Nearly(1000), true),
            ("a".repeat(1001), Fit::TooLong(1001), false),
        ] {
            assert_eq!(Fit::of(&draft), fit);
            assert_eq!(fit.sendable(), sendable, "{fit:?}");
        }
    }

    #[test]
    fn the_field_grows_with_its_lines_up_to_eight() {
        assert_eq!([rows(""), rows("a\nb"), rows(&"\n".repeat(30))], [1, 2, 8]);
    }
}

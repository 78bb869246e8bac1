//! Cuts what a model says, piece by piece, into sentences with their marks.
//!
//! A sentence is over when its mark is: `… in nine slices. [1]` or `… in nine slices [1].` Of several
//! sentences before one mark only the last one has it. Not here: which story a mark means.

use crate::text::sentences;

/// Bytes before a mark; no sentence is so long.
const LONGEST: usize = 4096;
/// Digits of a mark.
const DIGITS: usize = 3;

/// A sentence with what it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marked {
    /// Without the mark.
    pub(super) text: String,
    /// The number in the mark.
    pub(super) mark: usize,
    /// It begins a paragraph.
    pub(super) opens: bool,
    /// Sentences before it that had no mark, and were left out.
    pub(super) unmarked: usize,
}

/// More than [`LONGEST`] bytes without a mark.
#[derive(Debug)]
pub(super) struct TooLong;

/// What came and is not yet a sentence.
#[derive(Debug)]
pub(super) struct Cutter {
    rest: String,
    /// The next sentence begins a paragraph.
    opens: bool,
    unmarked: usize,
}

impl Default for Cutter {
    fn default() -> Self {
        Self { rest: String::new(), opens: true, unmarked: 0 }
    }
}

impl Cutter {
    /// Takes a piece and returns the sentences that it makes whole.
    pub(super) fn push(&mut self, piece: &str) -> Result<Vec<Marked>, TooLong> {
        self.rest.push_str(piece);
        let mut whole = Vec::new();
        while let Some((at, cut)) = next_cut(&self.rest) {
            let rest = self.rest.split_off(at.end);
            let said = std::mem::replace(&mut self.rest, rest);
            match cut {
                Cut::Line => {
                    self.unmarked += sentences(tidy(&said)).len();
                    self.opens = true;
                }
                Cut::Mark(mark) => whole.extend(self.marked(&said[..at.start], mark)),
            }
        }
        if self.rest.len() > LONGEST { Err(TooLong) } else { Ok(whole) }
    }

    /// Returns how many sentences are left without a mark at the end.
    pub(super) fn finish(self) -> usize {
        self.unmarked + sentences(tidy(&self.rest)).len()
    }

    fn marked(&mut self, said: &str, mark: usize) -> Option<Marked> {
        let mut said = sentences(tidy(said));
        let text = said.pop()?;
        self.unmarked += said.len();
        // After a mark in its midst, the rest of a sentence is none.
        if text.starts_with(char::is_lowercase) {
            self.unmarked += 1;
            return None;
        }
        let mut text = text.replace("**", "");
        if !text.ends_with(['.', '!', '?', ':', '…', '”', '"', ')']) {
            text.push('.');
        }
        let (opens, unmarked) = (self.opens, self.unmarked);
        (self.opens, self.unmarked) = (false, 0);
        Some(Marked { text, mark, opens, unmarked })
    }
}

enum Cut {
    Line,
    Mark(usize),
}

/// Finds the first end of a line or of a mark: its place, and what it is.
fn next_cut(text: &str) -> Option<(std::ops::Range<usize>, Cut)> {
    text.char_indices().find_map(|(at, c)| match c {
        '\n' => Some((at..at + 1, Cut::Line)),
        '[' => {
            let (inside, _) = text[at + 1..].split_once(']')?;
            let mark = read_mark(inside)?;
            Some((at..at + inside.len() + 2, Cut::Mark(mark)))
        }
        _ => None,
    })
}

/// Reads `3`, and the first number of `3, 4`.
fn read_mark(inside: &str) -> Option<usize> {
    let mut numbers = inside.split([',', ';']).map(str::trim);
    let first = numbers.clone().next()?;
    let is_number =
        |n: &str| (1..=DIGITS).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit());
    numbers.all(is_number).then(|| first.parse().ok())?
}

/// Takes away what belongs to the mark before (its full stop), and the signs of a list.
fn tidy(text: &str) -> &str {
    let text = text.trim().trim_start_matches(['.', '!', '?', ',', ';']).trim_start();
    ["- ", "* ", "• ", "# ", "## ", "### "]
        .into_iter()
        .find_map(|sign| text.strip_prefix(sign))
        .unwrap_or(text)
        .trim()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cutter, LONGEST, Marked};

    fn cut(pieces: &[&str]) -> (Vec<(String, usize, bool)>, usize) {
        let mut cutter = Cutter::default();
        let mut unmarked = 0;
        let mut whole = Vec::new();
        for piece in pieces {
            for Marked { text, mark, opens, unmarked: before } in cutter.push(piece).unwrap() {
                unmarked += before;
                whole.push((text, mark, opens));
            }
        }
        (whole, unmarked + cutter.finish())
    }

    fn check(text: &str, expected: &[(&str, usize, bool)], unmarked: usize) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(text, mark, opens)| ((*text).to_owned(), *mark, *opens))
            .collect();
        assert_eq!(cut(&[text]), (expected.clone(), unmarked), "{text}");
        let letters: Vec<_> = text.split("").collect();
        assert_eq!(cut(&letters), (expected, unmarked), "letter by letter: {text}");
    }

    #[test]
    fn a_mark_may_stand_before_or_after_the_full_stop() {
        check(
            "I led it. [1] We cut it in nine [2]. It ran? [12]",
            &[("I led it.", 1, true), ("We cut it in nine.", 2, false), ("It ran?", 12, false)],
            0,
        );
        check(
            "I led it [1][2]. We won [2, 3].",
            &[("I led it.", 1, true), ("We won.", 2, false)],
            0,
        );
    }

    #[test]
    fn empty_lines_begin_paragraphs_and_signs_of_lists_are_no_text() {
        check(
            "I led it. [1]\n\n- **We** won [1]\n* I left. [2]",
            &[("I led it.", 1, true), ("We won.", 1, true), ("I left.", 2, true)],
            0,
        );
    }

    #[test]
    fn sentences_without_a_mark_are_left_out_and_counted() {
        check("Sure! Here it is:\nI led it. We won. [1]", &[("We won.", 1, true)], 3);
        check("I led it. [1] We won.", &[("I led it.", 1, true)], 1);
        check("I led it [1], which won [2].", &[("I led it.", 1, true)], 1);
        check("Nothing.", &[], 1);
        check("", &[], 0);
    }

    #[test]
    fn other_brackets_are_text() {
        check("I said [sic] it [1]", &[("I said [sic] it.", 1, true)], 0);
        check("I said [] [12345] it [x][1]", &[("I said [] [12345] it [x].", 1, true)], 0);
        check(
            "About 4.1 million, e.g. Savings, moved. [1]",
            &[("About 4.1 million, e.g. Savings, moved.", 1, true)],
            0,
        );
    }

    #[test]
    fn a_line_without_end_is_an_error() {
        let mut cutter = Cutter::default();
        let mut pieces = 0;
        while cutter.push("and so on ").is_ok() {
            pieces += 1;
            assert!(pieces <= LONGEST / 10);
        }
        assert!(cutter.rest.len() <= LONGEST + 10);
    }

    proptest! {
        #[test]
        fn pieces_change_nothing(text in "[A-Za\\[\\]0-9 .\n,*é-]{0,60}", at in 0..60usize) {
            let at = text.char_indices().nth(at).map_or(text.len(), |(at, _)| at);
            let (a, b) = text.split_at(at);
            prop_assert_eq!(cut(&[a, b]), cut(&[&text]));
        }
    }
}

//! An answer's text as what it is made of: paragraphs of words and marks.
//!
//! By bytes and without patterns, whose searchers are 1 KB (brotli): all that counts is ASCII.

/// Longer words may be broken from their marks: they would not fit on a line with them.
const LONG: usize = 24;

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    /// Words.
    Text(&'a str),
    /// A word and the marks at it, which no line may break apart. `[n]` refers to the n-th source, from 1.
    Cited(&'a str, Vec<u32>),
}

/// Splits a text at its empty lines and marks. Blanks before a mark are dropped, so that it stands at
/// the word that it belongs to.
pub(crate) fn paragraphs(text: &str) -> Vec<Vec<Segment<'_>>> {
    let mut found = Vec::new();
    let mut from = 0;
    let bytes = text.as_bytes();
    for at in 0..=bytes.len() {
        if at == bytes.len() || (bytes[at] == b'\n' && bytes.get(at + 1) == Some(&b'\n')) {
            let segments = segments(part(text, from, at));
            if !segments.is_empty() {
                found.push(segments);
            }
            from = at;
        }
    }
    found
}

/// Returns the text without a mark that has only begun, as a stream may end for a moment.
pub(crate) fn without_begun_mark(text: &str) -> &str {
    let bytes = text.as_bytes();
    let digits = bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    match (bytes.len() - digits).checked_sub(1) {
        Some(open) if bytes[open] == b'[' => part(text, 0, open),
        _ => text,
    }
}

/// Returns the words alone, with `between` between paragraphs.
pub(crate) fn words(text: &str, between: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for paragraph in paragraphs(text) {
        if !words.is_empty() {
            words.push_str(between);
        }
        for segment in paragraph {
            let (Segment::Text(text) | Segment::Cited(text, _)) = segment;
            words.push_str(text);
        }
    }
    words
}

/// Cuts at places where there are characters of one byte.
fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

fn segments(paragraph: &str) -> Vec<Segment<'_>> {
    let bytes = paragraph.as_bytes();
    let mut found = Vec::new();
    let mut at = bytes.iter().take_while(|byte| **byte == b'\n').count();
    let mut from = at;
    while at < bytes.len() {
        match mark(bytes, at) {
            Some((number, end)) => {
                push_mark(&mut found, trimmed(part(paragraph, from, at)), number);
                (at, from) = (end, end);
            }
            None => at += 1,
        }
    }
    let rest = trimmed(part(paragraph, from, at));
    if !rest.is_empty() {
        found.push(Segment::Text(rest));
    }
    found
}

/// Returns a text without blanks at its end.
fn trimmed(text: &str) -> &str {
    let blanks = text.bytes().rev().take_while(|byte| *byte <= b' ').count();
    part(text, 0, text.len() - blanks)
}

fn push_mark<'a>(found: &mut Vec<Segment<'a>>, before: &'a str, number: u32) {
    if let (true, Some(Segment::Cited(_, marks))) = (before.is_empty(), found.last_mut()) {
        marks.push(number);
        return;
    }
    let word = before.bytes().rev().take_while(|byte| *byte > b' ').count();
    let start = before.len() - if word > LONG { 0 } else { word };
    if start > 0 {
        found.push(Segment::Text(part(before, 0, start)));
    }
    found.push(Segment::Cited(part(before, start, before.len()), vec![number]));
}

/// Reads `[n]` at a place: its number, and where it ends.
fn mark(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    if bytes.get(at) != Some(&b'[') {
        return None;
    }
    let mut number = 0_u32;
    let mut end = at + 1;
    loop {
        match bytes.get(end)? {
            b']' => break,
            digit if digit.is_ascii_digit() => {
                number = number.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?;
            }
            _ => return None,
        }
        end += 1;
    }
    (number > 0).then_some((number, end + 1))
}

#[cfg(test)]
mod tests {
    use super::{
        Segment::{self, Cited, Text},
        paragraphs, without_begun_mark, words,
    };

    fn check(text: &str, expected: &[&[Segment<'_>]]) {
        assert_eq!(paragraphs(text), expected, "{text}");
    }

    #[test]
    fn marks_stand_at_the_words_before_them() {
        check(
            "For Northbank: [1] It ended. [1]\n\nThen [2][12] more. [1] [2]",
            &[
                &[
                    Text("For "),
                    Cited("Northbank:", vec![1]),
                    Text(" It "),
                    Cited("ended.", vec![1]),
                ],
                &[Cited("Then", vec![2, 12]), Text(" "), Cited("more.", vec![1, 2])],
            ],
        );
    }

    #[test]
    fn a_mark_without_a_word_or_at_a_long_one_stands_alone() {
        check("[1] x", &[&[Cited("", vec![1]), Text(" x")]]);
        let long = "x".repeat(25);
        check(&[&long, " [1]"].concat(), &[&[Text(&long), Cited("", vec![1])]]);
    }

    #[test]
    fn brackets_that_are_no_marks_are_words() {
        check("a [b] [0] [] [1", &[&[Text("a [b] [0] [] [1")]]);
        check("[x[2]", &[&[Cited("[x", vec![2])]]);
        check("[99999999999999999999999]", &[&[Text("[99999999999999999999999]")]]);
    }

    #[test]
    fn empty_paragraphs_vanish_and_single_breaks_stay() {
        check("\n\n\n\na\nb\n\n\n\nc\n\n", &[&[Text("a\nb")], &[Text("c")]]);
        check("", &[]);
    }

    #[test]
    fn a_begun_mark_is_held_back() {
        for (text, shown) in [
            ("It ended. [", "It ended. "),
            ("It ended. [12", "It ended. "),
            ("It ended. [12]", "It ended. [12]"),
            ("An [aside", "An [aside"),
            ("", ""),
        ] {
            assert_eq!(without_begun_mark(text), shown);
        }
    }

    #[test]
    fn words_have_no_marks() {
        assert_eq!(words("It ended. [1] Well. [1]\n\nThen. [2]", " "), "It ended. Well. Then.");
    }
}

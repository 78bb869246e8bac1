//! An answer's text as what it is made of: paragraphs of words and marks.

/// Longer words may be broken from their marks: they would not fit on a line with them.
const LONG: usize = 24;

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    /// Words.
    Text(&'a str),
    /// A word and the marks at it, which no line may break apart. `[n]` refers to the n-th source, from 1.
    Cited(&'a str, Vec<usize>),
}

/// Splits a text at its empty lines and marks. Blanks before a mark are dropped, so that it stands at
/// the word that it belongs to.
pub(crate) fn paragraphs(text: &str) -> Vec<Vec<Segment<'_>>> {
    text.split("\n\n").map(segments).filter(|segments| !segments.is_empty()).collect()
}

/// Returns the text without a mark that has only begun, as a stream may end for a moment.
pub(crate) fn without_begun_mark(text: &str) -> &str {
    match text.rsplit_once('[') {
        Some((before, digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => before,
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

fn segments(paragraph: &str) -> Vec<Segment<'_>> {
    let mut rest = paragraph.trim_matches('\n');
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = rest[from..].find('[').map(|at| at + from) {
        let Some((number, length)) = mark(&rest[open..]) else {
            from = open + 1;
            continue;
        };
        push_mark(&mut found, rest[..open].trim_end(), number);
        rest = &rest[open + length..];
        from = 0;
    }
    push_text(&mut found, rest.trim_end());
    found
}

fn push_text<'a>(found: &mut Vec<Segment<'a>>, text: &'a str) {
    if !text.is_empty() {
        found.push(Segment::Text(text));
    }
}

fn push_mark<'a>(found: &mut Vec<Segment<'a>>, before: &'a str, number: usize) {
    if let (true, Some(Segment::Cited(_, marks))) = (before.is_empty(), found.last_mut()) {
        marks.push(number);
        return;
    }
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = if word.len() > LONG { "" } else { word };
    push_text(found, &before[..before.len() - word.len()]);
    found.push(Segment::Cited(word, vec![number]));
}

/// Reads `[n]` at the start of `text`: its number and its length in bytes.
fn mark(text: &str) -> Option<(usize, usize)> {
    let close = text.find(']')?;
    let digits = &text[1..close];
    let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())??;
    (number > 0).then_some((number, close + 1))
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

//! Words and sentences.
//!
//! Not here: which words matter to whom, that is `vocabulary`.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use crate::vocabulary;

/// A dot after one of these does not end a sentence.
const ABBREVIATIONS: [&str; 14] = [
    "e.g.", "i.e.", "etc.", "vs.", "approx.", "no.", "nos.", "dr.", "mr.", "mrs.", "ms.", "prof.",
    "st.", "inc.",
];

/// Returns the words of a text in lower case, without possessives and what follows an apostrophe.
///
/// `96,000` and `4.1` are one word; `run-off` is two; `don't` is none, since it never informs.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.unicode_words().filter_map(|word| {
        let word = word.to_lowercase().replace('’', "'");
        if word.ends_with("n't") {
            return None;
        }
        let head = word.split('\'').next().unwrap_or_default();
        (!head.is_empty()).then(|| head.to_owned())
    })
}

/// Returns the stems of the words of a text, in order, stop words left out.
pub(crate) fn stems(text: &str) -> Vec<String> {
    words(text).filter(|word| !vocabulary::is_stop(word)).map(|word| stem(&word)).collect()
}

/// Returns the stem of one word in lower case.
pub(crate) fn stem(word: &str) -> String {
    if vocabulary::is_unstemmed(word) {
        return word.to_owned();
    }
    Stemmer::create(Algorithm::English).stem(vocabulary::present(word)).into_owned()
}

/// Returns the words joined by single spaces, one more at each end, for finding whole phrases.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::from(" ");
    for word in words(text) {
        folded.push_str(&word);
        folded.push(' ');
    }
    folded
}

/// Returns the sentences of a text, each trimmed and otherwise as it stands there.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, piece) in text.split_sentence_bound_indices() {
        let end = at + piece.len();
        let sentence = text[start..end].trim();
        if end < text.len() && !ends(sentence) {
            continue;
        }
        if !sentence.is_empty() {
            sentences.push(sentence);
        }
        start = end;
    }
    sentences
}

/// Tells whether a sentence may end here: Unicode's rules know no abbreviations and no initials.
fn ends(sentence: &str) -> bool {
    let last = sentence.rsplit(char::is_whitespace).next().unwrap_or_default();
    let last = last.trim_start_matches(['(', '"', '“', '‘', '\'']);
    let initial = last.len() == 2 && last.starts_with(char::is_uppercase) && last != "I.";
    let abbreviated = ABBREVIATIONS.contains(&last.to_lowercase().as_str());
    // A stop that stands alone begins a name, as in ".NET".
    !(abbreviated || last == "." || initial && last.ends_with('.'))
}

/// Tells whether a text holds something that reads as a mark, `[3]`, which nobody could tell from ours.
pub(crate) fn has_mark(text: &str) -> bool {
    text.split('[').skip(1).any(|rest| {
        rest.split_once(']')
            .is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::{has_mark, sentences, stems};

    #[test]
    fn stems_fold_case_possessives_and_endings_and_drop_stop_words() {
        for (text, expected) in [
            ("What did Northbank's ledgers cost?", vec!["northbank", "ledger", "cost"]),
            (
                "We don't know; you’ll see the 96,000 differences",
                vec!["know", "see", "96,000", "differ"],
            ),
            ("a personal person", vec!["personal", "person"]),
            ("It fell, they fall", vec!["fall", "fall"]),
            ("Migrating, migrated, MIGRATION", vec!["migrat", "migrat", "migrat"]),
            ("the of and", vec![]),
        ] {
            assert_eq!(stems(text), expected, "{text}");
        }
    }

    #[test]
    fn sentences_end_at_stops_and_not_at_decimals_or_abbreviations() {
        for (text, expected) in [
            ("It ran. Habit lost.", vec!["It ran.", "Habit lost."]),
            (
                "Moved 4.1 million accounts, e.g. Savings, at once. Done?",
                vec!["Moved 4.1 million accounts, e.g. Savings, at once.", "Done?"],
            ),
            (
                "Asked Dr. Hale. She said \"No.\" Then left",
                vec!["Asked Dr. Hale.", "She said \"No.\"", "Then left"],
            ),
            ("  ", vec![]),
            ("ends with etc.", vec!["ends with etc."]),
            ("Kept a .NET shell. Then left", vec!["Kept a .NET shell.", "Then left"]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn only_bracketed_digits_read_as_marks() {
        for (text, marked) in [
            ("a [12] b", true),
            ("a [x] b", false),
            ("a [] b", false),
            ("[1", false),
            ("x[y[7]", true),
        ] {
            assert_eq!(has_mark(text), marked, "{text}");
        }
    }
}

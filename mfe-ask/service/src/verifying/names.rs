//! Names in a sentence, and whether its story has them.
//!
//! A name is whatever is written as one: a capital where no sentence begins, capitals within a word, letters
//! with digits (`DB2`). Where a sentence does begin, a word is taken for a name unless it is known not to be
//! one. Clients and projects are also found by what they are called.

use std::{borrow::Cow, collections::HashSet};

use unicode_segmentation::UnicodeSegmentation;

use super::{Unsupported, is_numeral};
use crate::{
    corpus::Corpus,
    story::Story,
    text::{folded, sentences, stem, words},
    vocabulary::{is_stop, listed},
};

/// Begin sentences and are no names; so do words in `-ly`.
const OPENINGS: &str = "accordingly additionally afterwards alongside altogether although among another \
    around beyond besides beneath consequently despite elsewhere eventually furthermore hence however \
    indeed instead later likewise meanwhile moreover nevertheless nobody nonetheless nothing otherwise \
    overall since soon still subsequently thanks therefore thus together throughout today unlike whereas yet";

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Checks that the story has every name in a text.
pub(super) fn check(
    text: &str,
    corpus: &Corpus,
    story: &Story,
    stated: &[Cow<'_, str>],
) -> Result<(), Unsupported> {
    check_scope(text, corpus, story, stated)?;
    let month = month(story);
    let mut known: HashSet<String> = stated.iter().flat_map(|text| words(text)).collect();
    known.extend(month.map(str::to_owned));
    for sentence in sentences(text) {
        for (at, word) in sentence.unicode_words().enumerate() {
            if is_contracted(word) {
                continue;
            }
            let word = word.split(['\'', '’']).next().unwrap_or_default();
            let lower = word.to_lowercase();
            if word.is_empty() || lower == "i" || known.contains(&lower) || is_numeral(&lower) {
                continue;
            }
            let initial = at == 0 && !is_spelled_as_name(word);
            if is_name(word) && !(initial && is_ordinary(&lower, corpus, &known)) {
                return Err(Unsupported::Name(word.to_owned()));
            }
        }
    }
    Ok(())
}

/// Checks the clients, employers, divisions and programmes that a text calls by their names.
fn check_scope(
    text: &str,
    corpus: &Corpus,
    story: &Story,
    stated: &[Cow<'_, str>],
) -> Result<(), Unsupported> {
    let scope = corpus.names.scope(text);
    let (text, stated) = (folded(text), stated.iter().map(|text| folded(text)).collect::<Vec<_>>());
    for name in scope.all() {
        let called = called(&text, &folded(name));
        // Initials call no word of a name: they stand in the story themselves, or it is not the one named.
        let own = called == " " && scope.admits(story);
        if !own && !stated.iter().any(|text| called != " " && text.contains(&called)) {
            return Err(Unsupported::Name(name.clone()));
        }
    }
    Ok(())
}

/// Returns as much of a name, from its beginning, as a text has of it; all three are folded.
fn called(text: &str, name: &str) -> String {
    let mut called = String::from(" ");
    for word in name.split_whitespace() {
        let longer = [&called, word, " "].concat();
        if !text.contains(&longer) {
            break;
        }
        called = longer;
    }
    called
}

/// Tells whether a word is one such as `Didn't`, which names nothing.
fn is_contracted(word: &str) -> bool {
    word.to_lowercase().replace('’', "'").ends_with("n't")
}

fn is_name(word: &str) -> bool {
    word.starts_with(char::is_uppercase) || is_spelled_as_name(word)
}

/// Tells whether a word is a name wherever it stands: `DB2`, `iOS`, `SAP`.
fn is_spelled_as_name(word: &str) -> bool {
    let later_capital = word.chars().skip(1).any(char::is_uppercase);
    let digit = word.find(|c: char| c.is_numeric());
    later_capital
        || digit.is_some_and(|at| !word.starts_with(|c: char| c.is_ascii_digit()) || at > 0)
}

/// Tells whether a word that begins a sentence is known to be no name.
fn is_ordinary(lower: &str, corpus: &Corpus, known: &HashSet<String>) -> bool {
    is_stop(lower)
        || lower.ends_with("ly")
        || listed(OPENINGS, lower)
        || stem_known(lower, known)
        || written_small(lower, corpus)
}

fn stem_known(lower: &str, known: &HashSet<String>) -> bool {
    let wanted = stem(lower);
    known.iter().any(|word| stem(word) == wanted)
}

/// Tells whether any story has a word with a small letter; names have none.
fn written_small(lower: &str, corpus: &Corpus) -> bool {
    let bounded = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let has = |text: &str| {
        text.match_indices(lower).any(|(at, _)| {
            bounded(text[..at].chars().next_back())
                && bounded(text[at + lower.len()..].chars().next())
        })
    };
    corpus.stories.iter().any(|indexed| super::quotable(&indexed.story).any(has))
}

/// Returns the month in which the story begins.
fn month(story: &Story) -> Option<&'static str> {
    let number: usize = story.start.get(5..7)?.parse().ok()?;
    MONTHS.get(number.checked_sub(1)?).copied()
}

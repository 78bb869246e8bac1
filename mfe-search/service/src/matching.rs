//! Which stories have one word, or what the word probably meant.

use std::collections::HashMap;

use crate::{
    Snapshot, analysis,
    query::Word,
    snapshot::Ordinal,
    vocabulary::{LONG, Vocabulary},
};

/// How much a word that goes on counts beside the word itself.
const PREFIX: f32 = 0.4;
/// How much a correction by one or two edits counts beside the word itself.
const CORRECTED: [f32; 2] = [0.6, 0.35];
/// Letters from which the last word, and from which any unknown word, may go on.
const SHORTEST_PREFIX: (usize, usize) = (3, 4);
/// More ways to go on are cut off, shortest first.
const MOST_GUESSES: usize = 50;

/// The stories that have a word.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordHits {
    /// What was looked for, for marking it in snippets.
    pub stems: Vec<String>,
    /// 1 when the word is surely known, ½ when it was guessed, 0 when it is unknown.
    pub certainty: f32,
    /// By story.
    pub hits: HashMap<Ordinal, WordHit>,
}

/// A word in a story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WordHit {
    /// How well it matches there.
    pub score: f32,
    /// The word itself stands there, not a guess.
    pub exact: bool,
}

/// Finds the stories that have `word`, one of its inflections or, less valued, what it may have meant.
pub(crate) fn match_word(snapshot: &Snapshot, word: &Word) -> tantivy::Result<WordHits> {
    let exact = snapshot.matches(&[(word.stem.clone(), 1.0)])?;
    let guesses = guess(&snapshot.vocabulary, word, !exact.is_empty());
    let mut found = WordHits { stems: vec![word.stem.clone()], ..WordHits::default() };
    if !guesses.stems.is_empty() {
        for (ordinal, score) in snapshot.matches(&guesses.stems)? {
            found.certainty = guesses.certainty;
            found.hits.insert(ordinal, WordHit { score, exact: false });
        }
        found.stems.extend(guesses.stems.into_iter().map(|(stem, _)| stem));
    }
    for (ordinal, score) in exact {
        found.certainty = 1.0;
        let guessed = found.hits.get(&ordinal).map_or(0.0, |hit| hit.score);
        found.hits.insert(ordinal, WordHit { score: score.max(guessed), exact: true });
    }
    Ok(found)
}

/// What a word may have meant.
#[derive(Debug, Default, PartialEq)]
struct Guesses {
    stems: Vec<(String, f32)>,
    certainty: f32,
}

/// A word is first taken as a beginning, then as a misspelling; a known word is never corrected.
fn guess(vocabulary: &Vocabulary, word: &Word, known: bool) -> Guesses {
    let letters = word.form.chars().count();
    let goes_on = match known {
        true => word.open && letters >= SHORTEST_PREFIX.0,
        false if word.open => letters >= SHORTEST_PREFIX.0,
        false => letters >= SHORTEST_PREFIX.1,
    };
    if goes_on {
        let longer = vocabulary.beginning_with(&word.form).filter(|form| *form != word.form);
        let stems = stems(longer.collect(), &word.stem, PREFIX);
        if !stems.is_empty() {
            return Guesses { stems, certainty: 0.5 };
        }
    }
    if known {
        return Guesses::default();
    }
    let (edits, forms) = vocabulary.close_to(&word.form);
    let weight = edits.checked_sub(1).and_then(|index| CORRECTED.get(index));
    let (Some(&weight), false) = (weight, forms.is_empty()) else {
        return Guesses::default();
    };
    // One edit in a long word is hardly chance.
    let certainty = if edits == 1 && letters >= LONG { 1.0 } else { 0.5 };
    Guesses { stems: stems(forms, &word.stem, weight), certainty }
}

fn stems(mut forms: Vec<&str>, known: &str, weight: f32) -> Vec<(String, f32)> {
    forms.sort_by_key(|form| form.len());
    let mut stems = analysis::stems(forms.into_iter().take(MOST_GUESSES));
    stems.sort_unstable();
    stems.dedup();
    stems.retain(|stem| stem != known);
    stems.into_iter().map(|stem| (stem, weight)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Guesses, guess};
    use crate::{query::Query, vocabulary::Vocabulary};

    fn check(typed: &str, known: bool, expected: &[&str], certainty: f32) {
        let words = ["port", "ports", "portal", "kubernetes", "ledger", "ledgers", "wiggle"];
        let vocabulary = Vocabulary::new(words.map(str::to_owned).to_vec());
        let word = &Query::parse(typed).words[0];
        let Guesses { stems, certainty: sure } = guess(&vocabulary, word, known);
        let stems: Vec<String> = stems.into_iter().map(|(stem, _)| stem).collect();
        assert_eq!((stems, sure), (expected.iter().map(|s| (*s).to_owned()).collect(), certainty));
    }

    #[test]
    fn a_word_is_guessed_as_a_beginning_then_as_a_misspelling() {
        check("port", true, &["portal"], 0.5);
        // Closed: the person went on to the next word.
        check("port ", true, &[], 0.0);
        check("kube", false, &["kubernet"], 0.5);
        check("kube kafka", false, &["kubernet"], 0.5);
        check("kub kafka", false, &[], 0.0);
        check("kuberntes", false, &["kubernet"], 1.0);
        check("wuggle", false, &["wiggl"], 0.5);
        check("ledgre", false, &["ledger"], 0.5);
        check("zmxnqw", false, &[], 0.0);
    }
}

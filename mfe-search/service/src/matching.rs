//! Which stories have one word, or what the word probably meant.

use crate::{
    Snapshot, analysis,
    query::Word,
    snapshot::{Ordinal, Wanted},
    vocabulary::{LONG, Vocabulary},
};

/// How much a word that goes on counts beside the word itself.
const PREFIX: f32 = 0.4;
/// How much a correction by one or two edits counts beside the word itself.
const CORRECTED: [f32; 2] = [0.6, 0.35];
/// How much another name counts beside the one that was typed.
const OTHER_NAME: f32 = 0.9;
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
    /// Each story at most once.
    pub hits: Vec<WordHit>,
}

/// A word in a story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WordHit {
    /// Which.
    pub ordinal: Ordinal,
    /// How well it matches there.
    pub score: f32,
    /// The word or another name of the same stands there, not a guess.
    pub exact: bool,
}

/// Finds the stories that have `word`, one of its inflections or other names or, less valued, what it may
/// have meant. A word that `is_word` knows is no misspelling.
pub(crate) fn match_word(
    snapshot: &Snapshot,
    word: &Word,
    is_word: impl Fn(&str) -> bool,
) -> tantivy::Result<WordHits> {
    let mut wanted = vec![Wanted { stems: word.stems.clone(), weight: 1.0 }];
    let other = |stems: &Vec<String>| Wanted { stems: stems.clone(), weight: OTHER_NAME };
    wanted.extend(word.others.iter().map(other));
    let exact = snapshot.matches(&wanted)?;
    let guesses = match word.stems.as_slice() {
        [stem] => guess(&snapshot.vocabulary, word, stem, !exact.is_empty(), is_word(&word.form)),
        _ => Guesses::default(),
    };
    let mut found = WordHits::default();
    found.stems.extend(wanted.into_iter().flat_map(|wanted| wanted.stems));
    if !exact.is_empty() {
        found.certainty = 1.0;
    }
    if guesses.stems.is_empty() {
        let hit = |(ordinal, score)| WordHit { ordinal, score, exact: true };
        found.hits = exact.into_iter().map(hit).collect();
        return Ok(found);
    }
    let guess =
        |(stem, weight): &(String, f32)| Wanted { stems: vec![stem.clone()], weight: *weight };
    let guessed = snapshot.matches(&guesses.stems.iter().map(guess).collect::<Vec<_>>())?;
    if exact.is_empty() && !guessed.is_empty() {
        found.certainty = guesses.certainty;
    }
    found.stems.extend(guesses.stems.into_iter().map(|(stem, _)| stem));
    found.hits = merged(exact, guessed);
    Ok(found)
}

/// Both are in the order of the stories, and so is what is returned.
fn merged(exact: Vec<(Ordinal, f32)>, guessed: Vec<(Ordinal, f32)>) -> Vec<WordHit> {
    let hit = |exact| move |(ordinal, score)| WordHit { ordinal, score, exact };
    let mut hits: Vec<WordHit> =
        exact.into_iter().map(hit(true)).chain(guessed.into_iter().map(hit(false))).collect();
    // Stable, and fast for two runs that are in order.
    hits.sort_by_key(|hit| hit.ordinal);
    hits.dedup_by(|guessed, exact| {
        let is_same = guessed.ordinal == exact.ordinal;
        if is_same {
            exact.score = exact.score.max(guessed.score);
        }
        is_same
    });
    hits
}

/// What a word may have meant.
#[derive(Debug, Default, PartialEq)]
struct Guesses {
    stems: Vec<(String, f32)>,
    certainty: f32,
}

/// A word is first taken as a beginning, then as a misspelling; a `known` word is never corrected, and
/// neither is a `real` one, which only no story has.
fn guess(vocabulary: &Vocabulary, word: &Word, stem: &str, known: bool, real: bool) -> Guesses {
    let letters = word.form.chars().count();
    let goes_on = match known {
        true => word.open && letters >= SHORTEST_PREFIX.0,
        false if word.open => letters >= SHORTEST_PREFIX.0,
        false => letters >= SHORTEST_PREFIX.1 && !real,
    };
    if goes_on {
        let longer = vocabulary.beginning_with(&word.form).filter(|form| *form != word.form);
        let stems = stems(longer.collect(), stem, PREFIX);
        if !stems.is_empty() {
            return Guesses { stems, certainty: 0.5 };
        }
    }
    if known || real {
        return Guesses::default();
    }
    let (edits, forms) = vocabulary.close_to(&word.form);
    let weight = edits.checked_sub(1).and_then(|index| CORRECTED.get(index));
    let (Some(&weight), false) = (weight, forms.is_empty()) else {
        return Guesses::default();
    };
    // One edit in a long word is hardly chance.
    let certainty = if edits == 1 && letters >= LONG { 1.0 } else { 0.5 };
    Guesses { stems: stems(forms, stem, weight), certainty }
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
        let vocabulary = Vocabulary::new(words.map(|word| (word.to_owned(), 1)));
        let word = &Query::parse(typed, &[]).words[0];
        let Guesses { stems, certainty: sure } =
            guess(&vocabulary, word, &word.stems[0], known, false);
        let stems: Vec<String> = stems.into_iter().map(|(stem, _)| stem).collect();
        assert_eq!((stems, sure), (expected.iter().map(|s| (*s).to_owned()).collect(), certainty));
    }

    #[test]
    fn a_word_is_guessed_as_a_beginning_then_as_a_misspelling() {
        check("port", true, &["portal"], 0.5);
        // Closed: the person went on to the next word.
        check("port ", true, &[], 0.0);
        check("kuber", false, &["kubernet"], 0.5);
        check("kuber kafka", false, &["kubernet"], 0.5);
        check("kub kafka", false, &[], 0.0);
        check("kuberntes", false, &["kubernet"], 1.0);
        check("wuggle", false, &["wiggl"], 0.5);
        check("ledgre", false, &["ledger"], 0.5);
        check("zmxnqw", false, &[], 0.0);
    }

    #[test]
    fn a_real_word_is_no_misspelling() {
        let vocabulary = Vocabulary::new([("needed".to_owned(), 1)]);
        let word = &Query::parse("heeded warnings", &[]).words[0];
        let guesses = |real| guess(&vocabulary, word, "heed", false, real).stems.len();
        assert_eq!((guesses(false), guesses(true)), (0, 0));
        let word = &Query::parse("neded warnings", &[]).words[0];
        let guesses = |real| guess(&vocabulary, word, "nede", false, real).stems.len();
        assert_eq!((guesses(false), guesses(true)), (1, 0));
    }
}

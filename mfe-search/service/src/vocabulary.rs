//! The words that stories use: what a beginning may become, and what a misspelt word may have meant.

use std::collections::{BTreeMap, HashMap};

use crate::analysis;

/// Edits that a word of this many letters is forgiven: none below five, two from nine.
pub(crate) fn forgiven_edits(letters: usize) -> usize {
    match letters {
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    }
}

/// Letters from which a word may also be wrong in its first letter, and one edit leaves little doubt.
pub(crate) const LONG: usize = 8;

/// All words as they are written, sorted, and how many stories have each.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    words: Vec<String>,
    /// By place in `words`.
    frequencies: Vec<u32>,
    /// By place in `words`, see [`letters()`].
    letters: Vec<u64>,
    /// By stem, the places in `words` of what has it.
    by_stem: HashMap<String, Vec<usize>>,
}

impl Vocabulary {
    /// Returns the vocabulary of these words.
    pub(crate) fn new(words: impl IntoIterator<Item = (String, u32)>) -> Self {
        let mut counted = BTreeMap::new();
        for (word, frequency) in words {
            *counted.entry(word).or_insert(0) += frequency;
        }
        let (words, frequencies): (Vec<String>, _) = counted.into_iter().unzip();
        let mut by_stem: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, stem) in analysis::stem_each(&words).into_iter().enumerate() {
            by_stem.entry(stem).or_default().push(place);
        }
        let letters = words.iter().map(|word| letters(word)).collect();
        Self { words, frequencies, letters, by_stem }
    }

    /// Returns the words that have a stem.
    pub(crate) fn with_stem(&self, stem: &str) -> impl Iterator<Item = &str> {
        let places = self.by_stem.get(stem).map_or(&[][..], Vec::as_slice);
        places.iter().map(|&place| self.words[place].as_str())
    }

    /// Returns what most stories write among the words nearest to a misspelt one; the same word when it
    /// is known or like nothing.
    pub(crate) fn corrected<'a>(&'a self, word: &'a str) -> &'a str {
        if self.words.binary_search_by(|known| known.as_str().cmp(word)).is_ok() {
            return word;
        }
        let frequency = |word: &&str| {
            let place = self.words.binary_search_by(|known| known.as_str().cmp(word));
            place.map_or(0, |place| self.frequencies[place])
        };
        self.close_to(word).1.into_iter().max_by_key(frequency).unwrap_or(word)
    }

    /// Returns the words that begin with `prefix`.
    pub(crate) fn beginning_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        let first = self.words.partition_point(|word| word.as_str() < prefix);
        self.words[first..]
            .iter()
            .map(String::as_str)
            .take_while(move |word| word.starts_with(prefix))
    }

    /// Returns the words nearest to a misspelt one, and how many edits they are away.
    ///
    /// Only the nearest: a word one edit away makes those two edits away improbable. Numbers and codes
    /// are never corrected, because another number is another thing.
    pub(crate) fn close_to(&self, word: &str) -> (usize, Vec<&str>) {
        let (length, used) = (word.chars().count(), letters(word));
        let mut nearest = (forgiven_edits(length), Vec::new());
        if nearest.0 == 0 || word.contains(|c: char| c.is_ascii_digit()) {
            return nearest;
        }
        for (candidate, letters) in self.words.iter().zip(&self.letters) {
            // Words are ASCII but for scripts that folding leaves alone, so bytes do as a first guess. An
            // edit takes one letter away and brings another at most.
            if candidate.len().abs_diff(word.len()) > 2 * nearest.0
                || (used ^ letters).count_ones() as usize > 2 * nearest.0
                || (length < LONG && candidate.chars().next() != word.chars().next())
            {
                continue;
            }
            let edits = strsim::osa_distance(word, candidate);
            if edits < nearest.0 {
                nearest = (edits, vec![candidate]);
            } else if edits == nearest.0 {
                nearest.1.push(candidate);
            }
        }
        nearest
    }
}

/// Returns which letters a word has, a bit for each; some share one.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |letters, c| letters | 1_u64 << (u32::from(c) % u64::BITS))
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;

    #[test]
    fn the_nearest_words_are_found_within_the_forgiven_edits() {
        let words =
            ["kubernetes", "network", "slice", "slicing", "team", "steam", "2019", "ledger"];
        let vocabulary = Vocabulary::new(words.map(|word| (word.to_owned(), 1)));
        for (typed, expected) in [
            ("kuberntes", vec!["kubernetes"]),
            ("kubrnetse", vec!["kubernetes"]),
            ("netwrok", vec!["network"]),
            ("slcing", vec!["slicing"]),
            // Too short to guess.
            ("taem", vec![]),
            // A short word keeps its first letter.
            ("hedger", vec![]),
            ("20199", vec![]),
            ("zmxnqw", vec![]),
        ] {
            assert_eq!(vocabulary.close_to(typed).1, expected, "{typed}");
        }
    }

    #[test]
    fn a_misspelt_word_is_corrected_to_the_most_frequent_of_the_nearest() {
        let words = [("network", 3), ("slicing", 1), ("slacing", 4), ("slicing", 5)];
        let vocabulary = Vocabulary::new(words.map(|(word, n)| (word.to_owned(), n)));
        assert_eq!(vocabulary.corrected("netwrok"), "network");
        assert_eq!(vocabulary.corrected("slcing"), "slicing");
        assert_eq!(vocabulary.corrected("slacing"), "slacing");
        assert_eq!(vocabulary.corrected("zmxnqw"), "zmxnqw");
    }

    #[test]
    fn a_stem_has_all_its_words() {
        let words = ["migrations", "migration", "migrant", "port"];
        let vocabulary = Vocabulary::new(words.map(|word| (word.to_owned(), 1)));
        let with = |stem| vocabulary.with_stem(stem).collect::<Vec<_>>();
        assert_eq!(with("migrat"), ["migration", "migrations"]);
        assert_eq!((with("port"), with("migration")), (vec!["port"], vec![]));
    }

    #[test]
    fn beginnings_find_all_words_that_go_on() {
        let vocabulary =
            Vocabulary::new(["port", "portal", "post", "a"].map(|word| (word.to_owned(), 1)));
        assert_eq!(vocabulary.beginning_with("port").collect::<Vec<_>>(), ["port", "portal"]);
        assert_eq!(vocabulary.beginning_with("z").count(), 0);
    }
}

//! From the matches of each word to a ranking of stories. Pure: no engine, no stories.
//!
//! Stories with all known words come first. Within them, and after them, a story's score is the sum of its
//! words' scores times the cube of its coverage: the share of the known words that it has, rare words
//! counting more and guessed ones half.

use std::collections::HashMap;

use crate::{matching::WordHits, snapshot::Ordinal};

/// How much a guessed word counts for coverage.
const GUESSED: f32 = 0.5;

/// A story that matches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranked {
    /// Which.
    pub ordinal: Ordinal,
    /// Comparable within one ranking.
    pub score: f32,
    /// It has every word itself, nothing guessed and nothing unknown.
    pub exact: bool,
}

/// Ranks the stories that have most of the words, best first, newest first among equals.
///
/// * When less than half of what was typed is known there is nothing: a query of noise must not be
///   answered because one of its words happens to be near a real one.
/// * Else unknown words are ignored, and a story needs more than half of the known ones, or as many as
///   the best story has.
pub(crate) fn rank(words: &[WordHits], stories: usize) -> Vec<Ranked> {
    let certainty: f32 = words.iter().map(|word| word.certainty).sum();
    if certainty == 0.0 || certainty * 2.0 < count(words.len()) {
        return Vec::new();
    }
    let known: Vec<&WordHits> = words.iter().filter(|word| !word.hits.is_empty()).collect();
    let rarity = |word: &WordHits| (1.0 + count(stories) / count(word.hits.len())).ln();
    let whole: f32 = known.iter().map(|word| rarity(word)).sum();

    let mut tallies: HashMap<Ordinal, Tally> = HashMap::new();
    for word in &known {
        for (&ordinal, hit) in &word.hits {
            let tally = tallies.entry(ordinal).or_default();
            tally.words += 1;
            tally.exact += usize::from(hit.exact);
            tally.score += hit.score;
            tally.covered += rarity(word) * if hit.exact { 1.0 } else { GUESSED };
        }
    }
    let best = tallies.values().map(|tally| tally.words).max().unwrap_or_default();
    let quorum = best.min(known.len() / 2 + 1);
    let score = |tally: &Tally| tally.score * (tally.covered / whole).powi(3);
    let top = tallies.values().map(score).fold(0.0, f32::max);
    let mut ranked: Vec<Ranked> = tallies
        .into_iter()
        .filter(|(_, tally)| tally.words >= quorum)
        .map(|(ordinal, tally)| Ranked {
            ordinal,
            score: score(&tally) + if tally.words == known.len() { top } else { 0.0 },
            exact: tally.exact == words.len(),
        })
        .collect();
    sort(&mut ranked);
    ranked
}

/// Puts the best first; among equals the lower ordinal, which is the newer story.
pub(crate) fn sort(ranked: &mut [Ranked]) {
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.ordinal.cmp(&b.ordinal)));
}

#[derive(Default)]
struct Tally {
    words: usize,
    exact: usize,
    score: f32,
    covered: f32,
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and stories are far below 2^24")]
fn count(n: usize) -> f32 {
    n as f32
}

#[cfg(test)]
mod tests {
    use super::rank;
    use crate::matching::{WordHit, WordHits};

    /// A word with its certainty and, by story, score and whether it is exact.
    fn word(certainty: f32, hits: &[(u32, f32, bool)]) -> WordHits {
        let hits = hits.iter().map(|&(ordinal, score, exact)| (ordinal, WordHit { score, exact }));
        WordHits { stems: Vec::new(), certainty, hits: hits.collect() }
    }

    fn order(words: &[WordHits]) -> Vec<(u32, bool)> {
        rank(words, 100).into_iter().map(|ranked| (ranked.ordinal, ranked.exact)).collect()
    }

    #[test]
    fn a_story_with_all_words_beats_one_that_has_a_single_word_often() {
        let words = [word(1.0, &[(1, 9.0, true), (2, 3.0, true)]), word(1.0, &[(2, 3.0, true)])];
        // Story 1 has only one of two words, which is no majority.
        assert_eq!(order(&words), [(2, true)]);
    }

    #[test]
    fn exact_beats_guessed_and_is_told_apart() {
        let words = [word(1.0, &[(1, 4.0, false), (2, 3.0, true)])];
        assert_eq!(order(&words), [(2, true), (1, false)]);
    }

    #[test]
    fn one_unknown_word_of_two_is_ignored() {
        let words = [word(1.0, &[(1, 3.0, true)]), word(0.0, &[])];
        assert_eq!(order(&words), [(1, false)]);
    }

    #[test]
    fn noise_finds_nothing() {
        let guessed = || word(0.5, &[(1, 3.0, false)]);
        let unknown = || word(0.0, &[]);
        assert_eq!(order(&[]), []);
        assert_eq!(order(&[unknown()]), []);
        assert_eq!(order(&[guessed(), unknown()]), []);
        assert_eq!(order(&[word(1.0, &[(1, 3.0, true)]), unknown(), unknown()]), []);
        assert_eq!(order(&[guessed(), guessed()]), [(1, false)]);
    }

    #[test]
    fn equals_stay_in_the_order_of_the_list() {
        let words = [word(1.0, &[(7, 3.0, true), (2, 3.0, true), (5, 3.0, true)])];
        assert_eq!(order(&words), [(2, true), (5, true), (7, true)]);
    }
}

//! From the matches of each word to a score for every story. Pure: no engine, no stories.
//!
//! A story's score is the sum of its words' scores (BM25F over the fields) times the cube of its coverage:
//! the share of the words that it has, rare words counting more and guessed ones half. So a story with all
//! words beats one that has a single word often, whatever that word is.

use std::cmp::Ordering;

use crate::{matching::WordHits, snapshot::Ordinal};

/// How much a guessed word counts for coverage.
const GUESSED: f32 = 0.5;
/// A story is listed from this share of the best one's coverage on.
const LISTED: f32 = 0.5;

/// How well every story has the words of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lexical {
    /// By ordinal; 0 when the story has no word.
    pub scores: Vec<f32>,
    /// By ordinal, 0–1.
    pub coverage: Vec<f32>,
    /// By ordinal: it has every word itself, nothing guessed and nothing unknown.
    pub exact: Vec<bool>,
    /// Share of the words that are known, 0–1; a guessed word is half known.
    pub known: f32,
    /// No story has one of the words, or anything like it.
    pub has_unknown: bool,
}

/// A story that is listed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ranked {
    /// Which.
    pub ordinal: Ordinal,
    /// Comparable within one ranking.
    pub score: f32,
}

impl Lexical {
    /// Scores `stories` stories.
    pub(crate) fn new(words: &[WordHits], stories: usize) -> Self {
        let rarity = |word: &WordHits| (1.0 + count(stories) / count(word.hits.len().max(1))).ln();
        let whole: f32 = words.iter().map(rarity).sum();
        let (mut scores, mut coverage) = (vec![0.0; stories], vec![0.0; stories]);
        let (mut have, mut exact_words) = (vec![0_usize; stories], vec![0_usize; stories]);
        for word in words {
            let rarity = rarity(word);
            for hit in &word.hits {
                let place = hit.ordinal as usize;
                scores[place] += hit.score;
                coverage[place] += rarity * if hit.exact { 1.0 } else { GUESSED };
                have[place] += 1;
                exact_words[place] += usize::from(hit.exact);
            }
        }
        for (score, coverage) in scores.iter_mut().zip(&mut coverage) {
            if *coverage > 0.0 {
                *coverage /= whole;
                *score *= coverage.powi(3);
            }
        }
        // Whatever the weights, a story with all the words that any story has is before those with some.
        let most = words.iter().filter(|word| !word.hits.is_empty()).count();
        let best = highest(&scores);
        for (score, have) in scores.iter_mut().zip(&have) {
            if most > 1 && *have == most {
                *score += best;
            }
        }
        let exact = exact_words.into_iter().map(|n| n > 0 && n == words.len()).collect();
        let certainty: f32 = words.iter().map(|word| word.certainty).sum();
        let known = if words.is_empty() { 0.0 } else { certainty / count(words.len()) };
        let has_unknown = words.iter().any(|word| word.certainty == 0.0);
        Self { scores, coverage, exact, known, has_unknown }
    }

    /// Returns the best score.
    pub(crate) fn best(&self) -> f32 {
        highest(&self.scores)
    }

    /// Returns the best coverage.
    pub(crate) fn best_coverage(&self) -> f32 {
        highest(&self.coverage)
    }

    /// Returns the stories worth listing, in their own order.
    ///
    /// None when less than half of what was typed is known: a query of noise must not be answered because
    /// one of its words happens to be near a real one.
    pub(crate) fn ranked(&self) -> Vec<Ranked> {
        if self.known < 0.5 {
            return Vec::new();
        }
        let least = self.best_coverage() * LISTED;
        let listed = (0..)
            .zip(&self.scores)
            .zip(&self.coverage)
            .filter(|((_, score), coverage)| **score > 0.0 && **coverage >= least);
        listed.map(|((ordinal, &score), _)| Ranked { ordinal, score }).collect()
    }
}

impl Ranked {
    /// The better is less; among equals the lower ordinal, which is the newer story.
    fn before(self, other: Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.ordinal.cmp(&other.ordinal))
    }
}

/// Puts so many of the best first, in their order, and leaves the others behind them in any: nobody looks
/// at a hundred thousand.
pub(crate) fn best_first(ranked: &mut [Ranked], most: usize) {
    if most < ranked.len() {
        ranked.select_nth_unstable_by(most, |a, b| a.before(*b));
    }
    let most = most.min(ranked.len());
    ranked[..most].sort_unstable_by(|a, b| a.before(*b));
}

/// Returns the best one.
pub(crate) fn best(ranked: &[Ranked]) -> Option<&Ranked> {
    ranked.iter().min_by(|a, b| a.before(**b))
}

/// Returns the highest of some numbers, 0 when there is none above. In lanes that the compiler turns into
/// vector instructions.
fn highest(values: &[f32]) -> f32 {
    let higher = |a: f32, b: f32| if a > b { a } else { b };
    let (lanes, rest) = values.as_chunks::<16>();
    let mut best = [0.0; 16];
    for values in lanes {
        for (best, &value) in best.iter_mut().zip(values) {
            *best = higher(*best, value);
        }
    }
    best.iter().chain(rest).copied().fold(0.0, higher)
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and stories are far below 2^24")]
pub(crate) fn count(n: usize) -> f32 {
    n as f32
}

#[cfg(test)]
mod tests {
    use super::{Lexical, Ranked, best, best_first, highest};
    use crate::matching::{WordHit, WordHits};

    /// A word with its certainty and, by story, score and whether it is exact.
    fn word(certainty: f32, hits: &[(u32, f32, bool)]) -> WordHits {
        let hits = hits.iter().map(|&(ordinal, score, exact)| WordHit { ordinal, score, exact });
        WordHits { stems: Vec::new(), certainty, hits: hits.collect() }
    }

    fn order(words: &[WordHits]) -> Vec<(u32, bool)> {
        let lexical = Lexical::new(words, 100);
        let exact = |ordinal: u32| lexical.exact[ordinal as usize];
        let mut ranked = lexical.ranked();
        best_first(&mut ranked, usize::MAX);
        ranked.into_iter().map(|r| (r.ordinal, exact(r.ordinal))).collect()
    }

    #[test]
    fn a_story_with_all_words_beats_one_that_has_a_single_word_often() {
        let words = [word(1.0, &[(1, 9.0, true), (2, 3.0, true)]), word(1.0, &[(2, 3.0, true)])];
        // Story 1 has less than half of what story 2 has.
        assert_eq!(order(&words), [(2, true)]);
    }

    #[test]
    fn exact_beats_guessed_and_is_told_apart() {
        let words = [word(1.0, &[(1, 4.0, false), (2, 3.0, true)])];
        assert_eq!(order(&words), [(2, true), (1, false)]);
    }

    #[test]
    fn one_unknown_word_of_two_is_no_obstacle() {
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

    #[test]
    fn the_best_are_first_however_many_are_asked_for() {
        let scores = [3.0, 9.0, 1.0, 9.0, 7.0, 5.0];
        let ranked = || (0..).zip(scores).map(|(ordinal, score)| Ranked { ordinal, score });
        for most in 0..8 {
            let mut ranked: Vec<Ranked> = ranked().collect();
            best_first(&mut ranked, most);
            let first: Vec<u32> = ranked.iter().take(most).map(|ranked| ranked.ordinal).collect();
            assert_eq!(first, [1, 3, 4, 5, 0, 2][..most.min(6)], "{most}");
            assert_eq!((ranked.len(), best(&ranked).map(|best| best.ordinal)), (6, Some(1)));
        }
        assert_eq!(best(&[]), None);
    }

    #[test]
    fn the_highest_number_is_found_wherever_it_stands() {
        for place in 0..40 {
            let mut values = vec![0.5; 40];
            values[place] = 2.0;
            assert_eq!(highest(&values), 2.0, "{place}");
        }
        assert_eq!((highest(&[]), highest(&[-1.0; 20])), (0.0, 0.0));
    }
}

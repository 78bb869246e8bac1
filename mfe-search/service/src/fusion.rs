//! From words and meaning to one ranking. Pure.
//!
//! A story's place by words counts the more, the better the best story covers the words: then the person
//! used the stories' own words, and meaning only orders what is left. Where no story has most of the words
//! (a paraphrase), meaning decides. Reciprocal rank fusion cannot tell the two apart and was measured to be
//! worse than meaning alone on paraphrases; a weighted sum of scaled scores can (Bruch, Gai, Ingber: "An
//! Analysis of Fusion Functions for Hybrid Retrieval", 2023).

use std::collections::HashMap;

use crate::{
    ranking::{Lexical, Ranked, best_first},
    snapshot::Ordinal,
};

/// How much words count when one story has them all, beside a deviation of nearness.
const WORDS: f32 = 7.5;
/// The same for questions about a situation: their words are anybody's.
const SITUATION_WORDS: f32 = 4.0;
/// Deviations above the mean from which a story is near enough to be listed.
const NEAR: f32 = 0.8;
/// Closeness below which nothing is near, however far all else is.
const FAR: f32 = 0.2;
/// Most stories that are listed for their meaning alone.
const MOST_BY_MEANING: usize = 50;
/// What a story of a client that the query names is ahead of the others, in deviations.
pub(crate) const PINNED: f32 = 3.0;

/// How near stories are, and how near any story is.
#[derive(Debug, Default)]
pub(crate) struct Semantic {
    /// Cosine by story; those that are missing are not near.
    pub closeness: HashMap<Ordinal, f32>,
    /// Mean over stories.
    pub mean: f32,
    /// Standard deviation over them.
    pub deviation: f32,
}

impl Semantic {
    /// Returns the closeness of the nearest story.
    pub(crate) fn best(&self) -> f32 {
        self.closeness.values().copied().fold(0.0, f32::max)
    }

    /// Returns how far above the mean a closeness is, in deviations.
    fn scaled(&self, closeness: f32) -> f32 {
        (closeness - self.mean) / self.deviation.max(f32::EPSILON)
    }

    /// Returns the stories that are near, nearest first.
    pub(crate) fn ranked(&self) -> Vec<Ranked> {
        let near = |(_, closeness): &(&Ordinal, &f32)| {
            **closeness >= FAR && self.scaled(**closeness) >= NEAR
        };
        let near = self.closeness.iter().filter(near);
        let mut near: Vec<Ranked> =
            near.map(|(&ordinal, &score)| Ranked { ordinal, score }).collect();
        best_first(&mut near, MOST_BY_MEANING);
        near.truncate(MOST_BY_MEANING);
        near
    }
}

/// Returns the stories that are `listed` by words, which are in their own order, or near by meaning; in their
/// own order. `pinned` tells whether a story is of a client that the query names, and `is_situation` whether it
/// asks for a situation.
pub(crate) fn fuse(
    lexical: &Lexical,
    listed: &[Ranked],
    semantic: &Semantic,
    is_situation: bool,
    pinned: impl Fn(Ordinal) -> bool,
) -> Vec<Ranked> {
    let (best, coverage) = (lexical.best(), lexical.best_coverage());
    let words = if is_situation { SITUATION_WORDS } else { WORDS };
    let weight = words * coverage.powi(3) / best.max(f32::EPSILON);
    let near = semantic.ranked();
    let mut listed: Vec<Ordinal> = listed.iter().chain(&near).map(|r| r.ordinal).collect();
    // Stable: fast for what is in order but for its end.
    listed.sort();
    listed.dedup();
    let score = |ordinal: Ordinal, closeness: f32| {
        let words = lexical.scores.get(ordinal as usize).copied().unwrap_or_default();
        let pin = if pinned(ordinal) { PINNED } else { 0.0 };
        words * weight + semantic.scaled(closeness) + pin
    };
    // A story without vectors yet is as near as any.
    let mut ranked: Vec<Ranked> = listed
        .into_iter()
        .map(|ordinal| Ranked { ordinal, score: score(ordinal, semantic.mean) })
        .collect();
    for (&ordinal, &closeness) in &semantic.closeness {
        if let Ok(place) = ranked.binary_search_by_key(&ordinal, |ranked| ranked.ordinal) {
            ranked[place].score = score(ordinal, closeness);
        }
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::{Semantic, fuse};
    use crate::ranking::{Lexical, Ranked, best_first};

    fn lexical(scores: &[f32], coverage: &[f32]) -> Lexical {
        let exact = coverage.iter().map(|coverage| *coverage == 1.0).collect();
        Lexical {
            scores: scores.to_vec(),
            coverage: coverage.to_vec(),
            exact,
            known: 1.0,
            has_unknown: false,
        }
    }

    fn semantic(closeness: &[f32]) -> Semantic {
        let closeness = (0..).zip(closeness.iter().copied()).collect();
        Semantic { closeness, mean: 0.2, deviation: 0.1 }
    }

    fn order(lexical: &Lexical, semantic: &Semantic) -> Vec<u32> {
        best(fuse(lexical, &lexical.ranked(), semantic, false, |_| false))
    }

    fn best(mut ranked: Vec<Ranked>) -> Vec<u32> {
        best_first(&mut ranked, usize::MAX);
        ranked.into_iter().map(|ranked| ranked.ordinal).collect()
    }

    #[test]
    fn a_story_with_all_words_is_before_one_that_is_only_near() {
        let words = lexical(&[9.0, 0.0, 0.0], &[1.0, 0.0, 0.0]);
        assert_eq!(order(&words, &semantic(&[0.2, 0.6, 0.25])), [0, 1]);
    }

    #[test]
    fn when_no_story_has_the_words_meaning_decides() {
        let words = lexical(&[2.0, 0.0, 0.0], &[0.2, 0.0, 0.0]);
        assert_eq!(order(&words, &semantic(&[0.2, 0.6, 0.35])), [1, 2, 0]);
    }

    #[test]
    fn a_client_that_is_named_is_ahead() {
        let ranked =
            fuse(&Lexical::default(), &[], &semantic(&[0.5, 0.6]), false, |ordinal| ordinal == 0);
        assert_eq!(best(ranked), [0, 1]);
    }

    #[test]
    fn what_is_far_is_not_listed() {
        assert_eq!(order(&Lexical::default(), &semantic(&[0.2, 0.1, 0.27])), [] as [u32; 0]);
        let far = Semantic { mean: 0.0, deviation: 0.01, ..semantic(&[0.15]) };
        assert_eq!(far.ranked(), []);
    }

    #[test]
    fn words_alone_are_enough_while_there_are_no_vectors() {
        let words = lexical(&[1.0, 3.0], &[0.7, 1.0]);
        assert_eq!(order(&words, &Semantic::default()), [1, 0]);
    }
}

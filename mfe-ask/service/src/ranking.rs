//! Which stories, and which of their passages, fit a question.
//!
//! Both are scored like BM25: a word counts by its rarity, with diminishing returns for repetition and
//! a discount for length. A story's score also rises with the share of the question that it has, with
//! its own interview questions being like the one asked, and when the question comes from its page.

use std::{collections::HashSet, sync::Arc};

use crate::{
    corpus::{Corpus, IndexedStory},
    passages::{Passage, Section},
    question::{Question, Term, Understood, admits},
};

const SATURATION: f32 = 1.2;
/// What meaning nearly the same counts, against the word itself.
const ALIKE: f32 = 0.5;
/// How much the page that the question comes from is preferred.
const FROM_STORY: f32 = 1.8;
/// How much a story is preferred whose headings have all of the question.
const HEADED: f32 = 0.5;
/// How much a story that says that it answers the very question is preferred.
const SAME_QUESTION: f32 = 1.5;

/// A story that fits.
#[derive(Clone, Debug)]
pub(crate) struct RankedStory {
    /// The story.
    pub(crate) indexed: Arc<IndexedStory>,
    /// Comparable within one question only; above zero.
    pub(crate) score: f32,
    /// The relevance of its best passage.
    pub(crate) best: f32,
    /// The share of the question that it has anywhere, 0–1.
    pub(crate) share: f32,
    /// How much one of its interview questions is like the one asked, 0–1.
    pub(crate) same_question: f32,
}

/// Returns the stories that may answer and fit, best first.
pub(crate) fn rank(corpus: &Corpus, question: &Question, asked: &Understood) -> Vec<RankedStory> {
    let mut ranked: Vec<_> = corpus
        .stories
        .iter()
        .filter(|indexed| admits(&question.filters, &indexed.story))
        .filter(|indexed| asked.scope.admits(&indexed.story))
        .filter_map(|indexed| {
            let from_here = question.from_story.as_deref() == Some(indexed.story.id.as_str());
            let same_question = same_question(corpus, indexed, &asked.stems);
            let Fit { score, share, best } = fit(corpus, indexed, &asked.terms);
            let mut score = score * (1.0 + SAME_QUESTION * same_question);
            if from_here {
                // Also when no word fits: "And what came of it?" is about this story.
                score = score * FROM_STORY + 1.0;
            } else if asked.terms.is_empty() && !asked.scope.is_empty() {
                // Only the name was asked for: all of its stories fit alike.
                score += 1.0;
            }
            (score > 0.0).then(|| RankedStory {
                indexed: indexed.clone(),
                score,
                best,
                share,
                same_question,
            })
        })
        .collect();
    // Equal scores: newest first, then by id, so that an answer never depends on chance.
    ranked.sort_by(|a, b| {
        let (one, two) = (&a.indexed.story, &b.indexed.story);
        b.score
            .total_cmp(&a.score)
            .then_with(|| two.start.cmp(&one.start))
            .then_with(|| one.id.cmp(&two.id))
    });
    ranked
}

/// How a story fits the words of a question.
#[derive(Clone, Copy, Debug, Default)]
struct Fit {
    score: f32,
    share: f32,
    best: f32,
}

fn fit(corpus: &Corpus, indexed: &IndexedStory, terms: &[Term]) -> Fit {
    let has = |stem: &str| indexed.terms.get(stem).copied().unwrap_or(0.0);
    let length = indexed.length / corpus.average_length;
    let (mut score, mut found, mut headed, mut whole) = (0.0, 0.0, 0.0, 0.0);
    for term in terms {
        score += term.rarity * saturated(occurrences(term, has), 0.5, length);
        found += term.rarity * term.found(|stem| indexed.terms.contains_key(stem));
        headed += term.rarity * term.found(|stem| indexed.heading.contains(stem));
        whole += term.rarity;
    }
    if found == 0.0 {
        return Fit::default();
    }
    let passages = indexed.passages.iter();
    let best = passages.map(|passage| relevance(corpus, passage, terms)).fold(0.0, f32::max);
    let share = found / whole;
    let score = (score + best) * (0.3 + 0.7 * share) * (1.0 + HEADED * headed / whole);
    Fit { score, share, best }
}

/// Returns how much a passage says of what is asked.
pub(crate) fn relevance(corpus: &Corpus, passage: &Passage, terms: &[Term]) -> f32 {
    let has = |stem: &str| passage.terms.get(stem).copied().unwrap_or(0.0);
    let length = passage.length / corpus.average_passage;
    terms.iter().map(|term| term.rarity * saturated(occurrences(term, has), 0.3, length)).sum()
}

/// Returns a passage's score for being chosen: its relevance, and what its place promises.
pub(crate) fn score_passage(corpus: &Corpus, passage: &Passage, asked: &Understood) -> f32 {
    // Outcomes and deeds answer better than the brief does; a summary is the best of what says nothing
    // of the question in its own words.
    let (factor, promise) = match passage.section {
        // A fact is more often an outcome than part of the summing up.
        Section::Result if asked.fact.is_some() => (1.15, 2.2),
        Section::Performance if asked.fact.is_some() => (1.0, 1.6),
        Section::Result => (1.15, 1.2),
        // Of many stories each has one sentence: the one that says what it is about.
        Section::Summary if asked.wide => (1.3, 3.0),
        Section::Summary => (1.0, 1.4),
        Section::Action => (1.1, 0.8),
        Section::Performance => (0.9, 0.5),
        Section::Situation => (0.9, 0.4),
        Section::Task => (0.7, 0.2),
    };
    let wanted = match asked.part {
        Some(part) if part == passage.section => 4.0,
        _ => 0.0,
    };
    let score = relevance(corpus, passage, &asked.terms) * factor + promise + wanted;
    if passage.stands_alone { score } else { score * 0.75 }
}

fn occurrences(term: &Term, has: impl Fn(&str) -> f32) -> f32 {
    has(&term.stem) + ALIKE * term.alike.iter().map(|other| has(other)).fold(0.0, f32::max)
}

/// Returns the BM25 weight of a count; `discount` says how much `length` (1 is average) matters.
fn saturated(count: f32, discount: f32, length: f32) -> f32 {
    count * (SATURATION + 1.0) / (count + SATURATION * (1.0 - discount + discount * length))
}

/// Returns how much the most similar of a story's interview questions is like the one asked, 0–1:
/// twice what they share over what both say, by rarity; under two thirds counts as nothing.
fn same_question(corpus: &Corpus, indexed: &IndexedStory, asked: &HashSet<String>) -> f32 {
    let weight = |stem: &String| corpus.rarity(corpus.frequency(stem));
    let whole: f32 = asked.iter().map(weight).sum();
    let likeness = |known: &HashSet<String>| {
        let shared: f32 = known.intersection(asked).map(weight).sum();
        let both = whole + known.iter().map(weight).sum::<f32>();
        if both > 0.0 { 2.0 * shared / both } else { 0.0 }
    };
    let best = indexed.questions.iter().map(likeness).fold(0.0, f32::max);
    if best >= 0.66 { best } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::rank;
    use crate::{Corpus, Question, Story, question::Understood};

    fn story(id: &str, title: &str, action: &str) -> Story {
        Story {
            id: id.to_owned(),
            title: title.to_owned(),
            action: vec![action.to_owned()],
            ..Story::default()
        }
    }

    fn check(question: &str, from_story: Option<&str>, expected: &[&str]) {
        let corpus = Corpus::new([
            story("ledger", "Leaving the Mainframe", "Replicated the ledger through Kafka."),
            story("events", "One Log for Everyone", "Put Kafka between sixty interfaces."),
            story("claims", "Claims by Photo", "Let drivers photograph the damage."),
        ]);
        let asked = Understood::new(&corpus, question);
        let from_story = from_story.map(ToOwned::to_owned);
        let question = Question { text: question.to_owned(), from_story, ..Question::default() };
        let ranked = rank(&corpus, &question, &asked);
        let ids: Vec<_> = ranked.iter().map(|r| r.indexed.story.id.as_str()).collect();
        assert_eq!(ids, expected, "{question:?}");
    }

    #[test]
    fn stories_that_have_more_of_the_question_come_first_and_others_not_at_all() {
        check("Kafka between interfaces", None, &["events", "ledger"]);
        check("kafka for the mainframe ledger", None, &["ledger", "events"]);
        check("photographs", None, &["claims"]);
        check("quantum", None, &[]);
    }

    #[test]
    fn the_page_that_the_question_comes_from_is_preferred() {
        check("Why Kafka?", Some("ledger"), &["ledger", "events"]);
        check("Why Kafka?", Some("events"), &["events", "ledger"]);
        check("And what came of it?", Some("claims"), &["claims"]);
    }
}

//! Which of the found stories, and which of their passages, fit a question.
//!
//! A search says how well each story fits; the words of the question say it once more, scored like BM25: a
//! word counts by its rarity, with diminishing returns for repetition and a discount for length. A story
//! whose own interview questions are like the one asked gains by it. Then the rules: what is named scopes,
//! what the question comes from is pinned, stories about the person answer only questions about the person,
//! a question over clients takes the best story of each named client first, and in any other no client
//! crowds out the rest.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use mfe_ask_api::{Candidate, Intent};

use crate::{
    corpus::{Corpus, IndexedStory},
    passages::{Passage, Section},
    question::{Question, Term, Understood, admits},
    story::ClientKind,
};

const SATURATION: f32 = 1.2;
/// What meaning nearly the same counts, against the word itself.
const ALIKE: f32 = 0.5;
/// How much a story is preferred whose headings have all of the question.
const HEADED: f32 = 0.5;
/// How much a story that says that it answers the very question is preferred.
const SAME_QUESTION: f32 = 1.5;
/// What the search says, against what the words say; both are scaled to 1 for the best story.
const SEARCH: f32 = 0.7;
/// What it adds that the question is about the very story.
const PINNED: f32 = 1.0;
/// What it adds that a question about the person meets a story about the person.
const PERSON: f32 = 0.25;
/// What each story of the same client that stands before it leaves of a score.
const SAME_CLIENT: f32 = 0.85;

/// A story that fits.
#[derive(Clone, Debug)]
pub(crate) struct RankedStory {
    /// The story.
    pub(crate) indexed: Arc<IndexedStory>,
    /// Comparable within one question only.
    pub(crate) score: f32,
    /// The relevance of its best passage.
    pub(crate) best: f32,
    /// The share of the question that it has anywhere, 0–1.
    pub(crate) share: f32,
    /// How much one of its interview questions is like the one asked, 0–1.
    pub(crate) same_question: f32,
    /// It belongs to what is named, or is what the question is about.
    pub(crate) pinned: bool,
}

/// Returns those of the found stories that may answer, best first. Pinned ones need not have been found.
pub(crate) fn rank(
    corpus: &Corpus,
    question: &Question,
    asked: &Understood,
    found: &[Candidate],
) -> Vec<RankedStory> {
    let intent = asked.intent();
    let best_found = found.iter().map(|candidate| candidate.score).fold(0.0, f64::max);
    let found: HashMap<&str, f64> =
        found.iter().map(|candidate| (candidate.id.as_str(), candidate.score)).collect();
    let about = |id: &str| question.pinned.iter().any(|pinned| pinned == id);
    let mut ranked: Vec<_> = corpus
        .stories
        .iter()
        .filter(|indexed| admits(&question.filters, &indexed.story))
        .filter(|indexed| asked.scope.admits(&indexed.story))
        .filter_map(|indexed| {
            let story = &indexed.story;
            let pinned = about(&story.id);
            let score = match found.get(story.id.as_str()) {
                Some(score) => *score,
                None if pinned => 0.0,
                None => return None,
            };
            let asked_for = asked.person && intent != Intent::Synthesis;
            if story.is_narrative() && !pinned && !asked_for {
                return None;
            }
            let Fit { score: fit, share, best, same_question } = fit(corpus, indexed, asked);
            let score = if best_found > 0.0 { (score / best_found) as f32 } else { 1.0 };
            let indexed = indexed.clone();
            Some((RankedStory { indexed, score, best, share, same_question, pinned }, fit))
        })
        .collect();
    let best_fit = ranked.iter().map(|(_, fit)| *fit).fold(0.0, f32::max);
    for (story, fit) in &mut ranked {
        let fit = if best_fit > 0.0 { *fit / best_fit } else { 0.0 };
        story.score = SEARCH * story.score + (1.0 - SEARCH) * fit;
        if story.pinned {
            story.score += PINNED;
        }
        if story.indexed.story.is_narrative() && asked.person && !asked.interview {
            story.score += PERSON;
        }
        story.pinned |= !asked.scope.is_empty();
    }
    let mut ranked: Vec<_> = ranked.into_iter().map(|(story, _)| story).collect();
    // Equal scores: newest first, then by id, so that an answer never depends on chance.
    ranked.sort_by(|a, b| {
        let (one, two) = (&a.indexed.story, &b.indexed.story);
        b.score
            .total_cmp(&a.score)
            .then_with(|| two.start.cmp(&one.start))
            .then_with(|| one.id.cmp(&two.id))
    });
    match intent {
        Intent::Entity => ranked,
        Intent::Synthesis => each_client_first(ranked),
        Intent::Person | Intent::General => spread(ranked),
    }
}

/// Puts the best story of each named client before all others.
fn each_client_first(ranked: Vec<RankedStory>) -> Vec<RankedStory> {
    let mut seen = HashSet::new();
    let (mut once, again): (Vec<_>, Vec<_>) = ranked.into_iter().partition(|ranked| {
        let story = &ranked.indexed.story;
        story.client_kind == ClientKind::Named && seen.insert(story.client.clone())
    });
    once.extend(again);
    once
}

/// Lowers a story for each of the same named client that stands before it (maximal marginal relevance,
/// Carbonell and Goldstein 1998, with the client as the likeness).
fn spread(mut left: Vec<RankedStory>) -> Vec<RankedStory> {
    let mut before: HashMap<String, i32> = HashMap::new();
    let mut spread: Vec<RankedStory> = Vec::with_capacity(left.len());
    let lowered = |ranked: &RankedStory, before: &HashMap<String, i32>| {
        let times = before.get(&ranked.indexed.story.client).copied().unwrap_or(0);
        ranked.score * SAME_CLIENT.powi(times)
    };
    while !left.is_empty() {
        let scores = left.iter().map(|ranked| lowered(ranked, &before)).enumerate();
        // The first of equals: they are in order.
        let best = scores.reduce(|best, next| if next.1 > best.1 { next } else { best });
        let Some((at, score)) = best else { break };
        let mut ranked = left.remove(at);
        ranked.score = score;
        let story = &ranked.indexed.story;
        if story.client_kind == ClientKind::Named {
            *before.entry(story.client.clone()).or_default() += 1;
        }
        spread.push(ranked);
    }
    spread
}

/// How a story fits the words of a question.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fit {
    /// Comparable within one question only.
    pub(crate) score: f32,
    share: f32,
    best: f32,
    same_question: f32,
}

/// Returns how a story fits what is asked.
pub(crate) fn fit(corpus: &Corpus, indexed: &IndexedStory, asked: &Understood) -> Fit {
    let terms = &asked.terms;
    let same_question = same_question(corpus, indexed, &asked.stems);
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
        return Fit { same_question, ..Fit::default() };
    }
    let passages = indexed.passages.iter();
    let best = passages.map(|passage| relevance(corpus, passage, terms)).fold(0.0, f32::max);
    let share = found / whole;
    let score = (score + best) * (0.3 + 0.7 * share) * (1.0 + HEADED * headed / whole);
    Fit { score: score * (1.0 + SAME_QUESTION * same_question), share, best, same_question }
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
    use mfe_ask_api::Candidate;

    use super::rank;
    use crate::{ClientKind, Corpus, Question, Story, question::Understood};

    fn story(id: &str, client: &str, title: &str, action: &str) -> Story {
        Story {
            id: id.to_owned(),
            client: client.to_owned(),
            client_kind: ClientKind::Named,
            title: title.to_owned(),
            action: vec![action.to_owned()],
            ..Story::default()
        }
    }

    fn corpus() -> Corpus {
        let person = Story {
            category: "Narrative".to_owned(),
            client_kind: ClientKind::Generic,
            ..story("me", "Multiple Clients", "What I Learned", "Learned Kafka the hard way.")
        };
        Corpus::new([
            story("ledger", "Northbank", "Leaving the Mainframe", "Replicated it through Kafka."),
            story("night", "Northbank", "Streams for the Night", "Put Kafka in for the night."),
            story("events", "Halyard Trust", "One Log", "Put Kafka between sixty interfaces."),
            story("cards", "Meridian Cards", "Issuing", "Put Kafka under card issuing."),
            person,
        ])
    }

    fn check(question: &str, pinned: &[&str], found: &[(&str, f64)], expected: &[&str]) {
        let corpus = corpus();
        let asked = Understood::new(&corpus, question);
        let pinned = pinned.iter().map(ToString::to_string).collect();
        let question = Question { text: question.to_owned(), pinned, ..Question::default() };
        let found: Vec<_> = found
            .iter()
            .map(|(id, score)| Candidate { id: (*id).to_owned(), score: *score })
            .collect();
        let ranked = rank(&corpus, &question, &asked, &found);
        let ids: Vec<_> = ranked.iter().map(|ranked| ranked.indexed.story.id.as_str()).collect();
        assert_eq!(ids, expected, "{}", question.text);
    }

    const FOUND: [(&str, f64); 5] =
        [("ledger", 9.0), ("night", 8.9), ("events", 8.6), ("me", 8.0), ("cards", 4.0)];

    #[test]
    fn what_is_named_scopes() {
        check("Kafka at Northbank?", &[], &FOUND, &["ledger", "night"]);
    }

    #[test]
    fn no_client_crowds_out_the_rest_and_the_person_is_left_out() {
        check("Where did Kafka help?", &[], &FOUND, &["ledger", "events", "night", "cards"]);
    }

    #[test]
    fn a_question_about_the_person_is_answered_by_the_person_too() {
        check("Tell me about a time you put Kafka in", &[], &FOUND[2..4], &["events", "me"]);
    }

    #[test]
    fn a_question_over_clients_takes_one_of_each_before_a_second_of_any() {
        let expected = ["ledger", "events", "cards", "night"];
        check("What patterns do you see across Kafka?", &[], &FOUND, &expected);
    }

    #[test]
    fn what_the_question_is_about_comes_first_found_or_not() {
        check("Where did Kafka help?", &["cards"], &FOUND[..1], &["cards", "ledger"]);
    }

    #[test]
    fn what_was_not_found_and_what_nobody_knows_does_not_answer() {
        check("Where did Kafka help?", &[], &[("gone", 9.0), ("events", 1.0)], &["events"]);
        check("Where did Kafka help?", &[], &[], &[]);
    }
}

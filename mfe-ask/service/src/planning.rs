//! From a question and what the search found for it to all that an answer is made of. Pure.

use std::collections::{HashMap, HashSet};

use mfe_ask_api::{Candidate, Confidence, Intent};

use crate::{
    Corpus, Question,
    composer::{Brief, Excerpt},
    confidence::{coverage, judge},
    extracting::{Cited, choose, drafts},
    question::Understood,
    ranking::{RankedStory, rank},
};

/// Stories that a language model is given.
const STORIES: usize = 4;
const WIDE_STORIES: usize = 6;

/// How much better than the next one a story fits that stands out.
const STANDS_OUT: f64 = 1.45;

/// What the search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// In any order.
    pub candidates: Vec<Candidate>,
    /// How much to trust the best of them.
    pub confidence: Confidence,
}

impl Found {
    /// Tells whether the best story fits far better than the next one.
    pub(crate) fn stands_out(&self) -> bool {
        let mut scores: Vec<f64> = self.candidates.iter().map(|found| found.score).collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        match scores[..] {
            [best, next, ..] => best >= next * STANDS_OUT,
            [best] => best > 0.0,
            [] => false,
        }
    }
}

/// What an answer is made of.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How well it will fit; nothing is to be answered at `None`.
    pub confidence: Confidence,
    /// The share of the question that the drafts have, 0–1.
    pub coverage: f32,
    /// What composers are told.
    pub brief: Brief,
    /// Of all ranked stories.
    pub scores: HashMap<String, f64>,
}

/// Plans an answer. `told` are sentences that the conversation has had already.
#[must_use]
pub fn plan(corpus: &Corpus, question: &Question, found: &Found, told: &HashSet<String>) -> Plan {
    let asked = Understood::new(corpus, &question.text);
    let ranked = rank(corpus, question, &asked, &found.candidates);
    let cited = choose(corpus, &asked, &ranked, told);
    let coverage = coverage(&asked, &cited);
    // What the question is about was chosen by a person, whatever the search says of its words.
    let pinned = cited.iter().any(|cited| cited.ranked.pinned) && asked.terms.is_empty();
    let confidence = match () {
        () if cited.is_empty() => Confidence::None,
        () if pinned => Confidence::High,
        () => judge(found, coverage, asked.person),
    };
    let most = if asked.wide { WIDE_STORIES } else { STORIES };
    let synthesis = asked.intent() == Intent::Synthesis;
    Plan {
        confidence,
        coverage,
        brief: Brief {
            question: question.text.clone(),
            earlier: Vec::new(),
            stories: offered(&ranked, &cited, most),
            synthesis,
            own: drafts(&asked, &cited),
        },
        scores: ranked.iter().map(|story| (story.indexed.story.id.clone(), score(story))).collect(),
    }
}

/// Returns the stories that may be used: those that the default composer quotes, and the best.
fn offered(ranked: &[RankedStory], cited: &[Cited<'_>], most: usize) -> Vec<Excerpt> {
    let quoted = |story: &RankedStory| {
        cited.iter().any(|cited| cited.ranked.indexed.story.id == story.indexed.story.id)
    };
    let best = ranked.iter().enumerate();
    best.filter(|(at, story)| *at < most || quoted(story))
        .map(|(_, story)| excerpt(story))
        .collect()
}

/// Returns a score as it is shown.
pub(crate) fn score(story: &RankedStory) -> f64 {
    (f64::from(story.score) * 1000.0).round() / 1000.0
}

fn excerpt(ranked: &RankedStory) -> Excerpt {
    let story = &ranked.indexed.story;
    let sentences = ranked.indexed.passages.iter().flat_map(|passage| passage.sentences.clone());
    Excerpt {
        id: story.id.clone(),
        title: story.title.clone(),
        client: story.client.clone(),
        role: story.role.clone(),
        period: story.start.clone(),
        sentences: sentences.collect(),
    }
}

/// Returns all stories as if a search had found them alike, so that the words of the question decide.
pub(crate) fn everything(corpus: &Corpus) -> Vec<Candidate> {
    let ids = corpus.stories.iter().map(|indexed| indexed.story.id.clone());
    ids.map(|id| Candidate { id, score: 1.0 }).collect()
}

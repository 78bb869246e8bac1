//! From a question to an answer or a refusal.
//!
//! **Confidence** is the share of what the question asks that the answer has. Each informative word
//! weighs by its rarity; it counts in full where a quoted sentence has it, 0.6 where only the headings
//! of a quoted story have it (title, tags, uses, interview questions), and 0.7 of either where only
//! something that means nearly the same is there. A client or project that is named counts as one word
//! that is found. One story must have it all, unless the question goes over several clients: words that
//! lie scattered over stories that have nothing in common answer nothing. If the story lists nearly this
//! question as one that it answers, that likeness counts when it is greater.
//!
//! From [`HIGH`] on it is high, from [`LOW`] on low; below, nothing is answered. A question in the form
//! of an interview ("Tell me about a time you …") is about the work by its form, whatever its words, and
//! is answered from [`INTERVIEW_LOW`] on.

use std::collections::HashMap;

use mfe_ask_api::{Confidence, Source};

use crate::{
    Corpus, Question,
    composing::{Cited, choose, compose},
    question::{Term, Understood},
    ranking::rank,
};

const HIGH: f32 = 0.6;
const LOW: f32 = 0.42;
const INTERVIEW_LOW: f32 = 0.3;
/// What a found name weighs, as a word that one story in a hundred or so has.
const NAME: f32 = 4.0;
/// What standing in a heading counts, against standing in a quoted sentence.
const HEADED: f32 = 0.6;

/// What is answered; without a match everything is empty and the confidence is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Paragraphs with marks, see [`mfe_ask_api::Answer::answer`].
    pub text: String,
    /// In the order of their marks.
    pub sources: Vec<Source>,
    /// How well the answer fits.
    pub confidence: Confidence,
    /// What the confidence was read from, 0–1.
    pub coverage: f32,
}

/// Answers a question from the stories.
#[must_use]
pub fn answer(corpus: &Corpus, question: &Question) -> Reply {
    let asked = Understood::new(corpus, &question.text);
    let ranked = rank(corpus, question, &asked);
    let cited = choose(corpus, &asked, &ranked);
    let named =
        !asked.scope.is_empty() || (asked.terms.is_empty() && question.from_story.is_some());
    let coverage = coverage(&asked, &cited, named);
    let low = if asked.interview { INTERVIEW_LOW } else { LOW };
    let confidence = match coverage {
        _ if cited.is_empty() => Confidence::None,
        share if share >= HIGH => Confidence::High,
        share if share >= low => Confidence::Low,
        _ => Confidence::None,
    };
    if confidence == Confidence::None {
        return Reply { text: String::new(), sources: Vec::new(), confidence, coverage };
    }
    let (text, sources) = compose(&cited);
    Reply { text, sources, confidence, coverage }
}

fn coverage(asked: &Understood, cited: &[Cited<'_>], named: bool) -> f32 {
    let name = if named { NAME } else { 0.0 };
    let whole = name + asked.terms.iter().map(|term| term.rarity).sum::<f32>();
    let share = |cited: &[Cited<'_>]| {
        let best = |term| cited.iter().map(|c| covered(term, c)).fold(0.0, f32::max);
        let found = name + asked.terms.iter().map(|term| term.rarity * best(term)).sum::<f32>();
        if whole > 0.0 { found / whole } else { 0.0 }
    };
    let share = match asked.wide {
        true => share(cited),
        false => cited.chunks(1).map(share).fold(0.0, f32::max),
    };
    cited.iter().map(|c| c.ranked.same_question).fold(share, f32::max)
}

fn covered(term: &Term, cited: &Cited<'_>) -> f32 {
    let quoted = |stem: &str| cited.passages.iter().any(|p| has(&p.terms, stem));
    let headed = |stem: &str| cited.ranked.indexed.heading.contains(stem);
    term.found(quoted).max(HEADED * term.found(headed))
}

fn has(terms: &HashMap<String, f32>, stem: &str) -> bool {
    terms.contains_key(stem)
}

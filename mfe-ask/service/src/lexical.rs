//! Finding stories by the words of a question alone, in what was read of them already: for while the search
//! does not answer. Pure.
//!
//! `ranking` scores the words (BM25 over stems, as `corpus` counts them), so that no other index is kept. What is
//! found so is never surely about the question: how much of it the answer has decides, and so no limit
//! of `confidence` is another one than for a search that is in doubt. `asterism bench ask-quality` against
//! a site whose search is stopped shows how well that does.

use mfe_ask_api::{Candidate, Confidence};

use crate::{
    Corpus, Question,
    planning::Found,
    question::{Understood, admits},
    ranking::fit,
};

/// Finds stories that the filters admit and that have a word of the question, or belong to what it names.
pub(crate) fn by_words(corpus: &Corpus, question: &Question) -> Found {
    let asked = Understood::new(corpus, &question.text);
    // Its form says that it is about the person: it may have no word in common with its answer.
    let all = !asked.scope.is_empty() || asked.person;
    let stories = corpus.stories.iter().filter(|indexed| {
        admits(&question.filters, &indexed.story) && asked.scope.admits(&indexed.story)
    });
    let scored = stories.map(|indexed| Candidate {
        id: indexed.story.id.clone(),
        score: f64::from(fit(corpus, indexed, &asked).score),
    });
    let candidates: Vec<_> = scored.filter(|found| all || found.score > 0.0).collect();
    let confidence = if candidates.is_empty() { Confidence::None } else { Confidence::Low };
    Found { candidates, confidence }
}

#[cfg(test)]
mod tests;

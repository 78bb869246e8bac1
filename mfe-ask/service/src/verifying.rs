//! Whether a story supports a sentence; what nothing supports is never shown.
//!
//! A sentence stands when all of this holds:
//! - its story was offered for the answer, and its quote stands there word for word; without a quote, the
//!   passage that shares most of its words is taken, and must share enough of them;
//! - each of its numbers is in the story, as digits or as words, beside at least one of the words that it has
//!   beside it in the sentence;
//! - each of its names (clients, projects, people, products) is in the story;
//! - it denies nothing that the quote states, and states nothing that the quote denies.
//!
//! Pure. Not here: whether the sentence answers the question, and meaning beyond words: a true sentence in
//! other words than the story's may be lost, which is the side to err on.

mod names;
mod negation;
mod numbers;
mod told;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::{
    composer::Draft,
    corpus::Corpus,
    story::Story,
    text::{has_mark, sentences, stem, words},
    vocabulary::is_stop,
};
use numbers::{Number, is_numeral, numbers};
use told::{quotable, stated};

/// Share of a sentence's content words and numbers that its quote must have.
const ENOUGH: f32 = 0.4;
/// And how many of them at least.
const FEWEST: usize = 2;
/// What each further sentence of a quote must add to be worth its length.
const LONGER: f32 = 0.05;
/// Longest quote that is looked for, in sentences.
const LONGEST: usize = 3;

/// A sentence that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Without its mark.
    pub text: String,
    /// Id of the story that supports it.
    pub story: String,
    /// What supports it, word for word as in the story.
    pub quote: String,
}

/// Why a sentence may not be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// The story is not one of those that the answer may rest on.
    #[error("the story `{0}` was not offered")]
    Story(String),
    /// Something reads as a mark, which nobody could tell from ours.
    #[error("the text has a mark of its own")]
    Mark,
    /// The quote does not stand in the story.
    #[error("the quote is not in the story")]
    Quote,
    /// Nothing in the story is like it.
    #[error("no passage of the story says this")]
    Unlike,
    /// A number that is not in the story, or there counts something else.
    #[error("the number `{0}` is not in the story")]
    Number(String),
    /// Somebody or something that the story does not name.
    #[error("the name `{0}` is not in the story")]
    Name(String),
    /// It denies what the quote states, or the other way round.
    #[error("the text and its quote disagree over a negation")]
    Negation,
}

impl Unsupported {
    /// Names the reason, for metrics.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Story(_) => "story",
            Self::Mark => "mark",
            Self::Quote => "quote",
            Self::Unlike => "unlike",
            Self::Number(_) => "number",
            Self::Name(_) => "name",
            Self::Negation => "negation",
        }
    }
}

/// Checks a draft against its story, which must be one of those `allowed`, by id.
///
/// # Errors
/// The first rule that the draft breaks.
pub fn verify(
    corpus: &Corpus,
    draft: &Draft,
    allowed: &[impl AsRef<str>],
) -> Result<Verified, Unsupported> {
    let Draft { text, story: id, quote, .. } = draft;
    let offered = allowed.iter().any(|offered| offered.as_ref() == id);
    let story = corpus.stories.iter().map(|indexed| &indexed.story).find(|story| story.id == *id);
    let Some(story) = story.filter(|_| offered) else {
        return Err(Unsupported::Story(id.clone()));
    };
    if has_mark(text) {
        return Err(Unsupported::Mark);
    }
    let stated = stated(story);
    numbers::check(text, story, &stated)?;
    names::check(text, corpus, story, &stated)?;
    let quote = match quote {
        Some(quote) => supported_by(text, story, quote)?,
        None => find_quote(text, story)?,
    };
    Ok(Verified { text: text.clone(), story: id.clone(), quote })
}

fn supported_by(text: &str, story: &Story, quote: &str) -> Result<String, Unsupported> {
    let said = !quote.trim().is_empty() && quotable(story).any(|field| field.contains(quote));
    if !said {
        return Err(Unsupported::Quote);
    }
    if !quote.contains(text) {
        if Content::of(text).share_in(&Content::of(quote)).is_none_or(|share| share < ENOUGH) {
            return Err(Unsupported::Unlike);
        }
        if negation::flips(text, quote) {
            return Err(Unsupported::Negation);
        }
    }
    Ok(quote.to_owned())
}

/// Finds the passage that shares most with a text, the shorter one of two that share as much.
fn find_quote(text: &str, story: &Story) -> Result<String, Unsupported> {
    let asked = Content::of(text);
    let mut alike: Vec<(f32, &str)> = quotable(story)
        .flat_map(runs)
        .filter(|(_, run)| !has_mark(run))
        .filter_map(|(count, run)| {
            let share = asked.share_in(&Content::of(run))?;
            (share >= ENOUGH).then_some((share - LONGER * count as f32, run))
        })
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    if alike.is_empty() {
        return Err(Unsupported::Unlike);
    }
    let quote = alike.into_iter().find(|(_, run)| !negation::flips(text, run));
    quote.map(|(_, run)| run.to_owned()).ok_or(Unsupported::Negation)
}

/// Returns every run of up to [`LONGEST`] sentences, with their number.
fn runs(field: &str) -> Vec<(usize, &str)> {
    let mut ends = 0;
    let places: Vec<_> = sentences(field)
        .into_iter()
        .filter_map(|sentence| {
            let start = ends + field[ends..].find(sentence)?;
            ends = start + sentence.len();
            Some((start, ends))
        })
        .collect();
    (1..=LONGEST)
        .flat_map(|count| {
            places
                .windows(count)
                .filter_map(move |run| Some((run.first()?.0, run.last()?.1, count)))
        })
        .map(|(start, end, count)| (count, &field[start..end]))
        .collect()
}

/// What a text says, as far as it can be compared.
struct Content {
    stems: HashSet<String>,
    numbers: Vec<Number>,
}

impl Content {
    fn of(text: &str) -> Self {
        Self { stems: content_stems(text), numbers: numbers(text) }
    }

    /// Returns the share of this that another has too, `None` when that is too little to tell.
    fn share_in(&self, other: &Self) -> Option<f32> {
        let stems = self.stems.intersection(&other.stems).count();
        let numbers = self.numbers.iter().filter(|n| other.numbers.iter().any(|o| n.is(o))).count();
        let (shared, all) = (stems + numbers, self.stems.len() + self.numbers.len());
        (shared >= FEWEST).then(|| shared as f32 / all as f32)
    }
}

/// Returns the stems of the words that are neither stop words nor numerals.
fn content_stems(text: &str) -> HashSet<String> {
    words(text).filter(|word| !is_stop(word) && !is_numeral(word)).map(|word| stem(&word)).collect()
}

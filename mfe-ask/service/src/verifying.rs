//! Whether a story supports a sentence; what nothing supports is never shown.
//!
//! A sentence stands when all of this holds:
//! - its story was offered for the answer, and its quote stands there word for word; without a quote, the
//!   passage that shares most of its words is taken, and must share enough of them;
//! - each of its numbers is in the story, as digits or as words, and counts there what it
//!   counts in the sentence;
//! - each of its names (clients, projects, people, products) is in the story;
//! - it denies nothing that the quote states, and states nothing that the quote denies.
//!
//! Pure. Not here: whether the sentence answers the question, and meaning beyond words: a true sentence in
//! other words than the story's may be lost, which is the side to err on.

mod names;
mod negation;
mod numbers;
mod numerals;

#[cfg(test)]
mod tests;

use std::{collections::HashSet, ops::Range};

use crate::{
    composer::Draft,
    corpus::Corpus,
    extracting::lead_in,
    story::Story,
    text::{has_mark, sentences, stem, words},
    told::{quotable, stated},
    vocabulary::is_stop,
};
use numbers::{Number, numbers};
use numerals::{TIME, is_numeral};

/// Share of a sentence's content words and numbers, by weight, that its quote must have. Chosen by the tests:
/// most true sentences in other words have more, and of the passages of other stories that break no other rule hardly
/// any that tells of something else.
const ENOUGH: f32 = 0.5;
/// And how many of them at least; of [`FEW`] nearly all, in one sentence: three words come together by chance in two.
const FEWEST: usize = 4;
const FEW: usize = 3;
const NEARLY_ALL: f32 = 0.7;
/// What a number weighs, as a word that one story in a dozen or so has.
const NUMBER: f32 = 2.5;
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
    let Some(indexed) = corpus.story(id).filter(|_| offered) else {
        return Err(Unsupported::Story(id.clone()));
    };
    let story = &indexed.story;
    if has_mark(text) {
        return Err(Unsupported::Mark);
    }
    if quote.as_ref().is_some_and(|quote| !is_said(quote, story)) {
        return Err(Unsupported::Quote);
    }
    let quoted = quote.as_ref().is_none_or(|quote| quote.contains(text));
    let leads_in = quote.as_ref() == Some(&story.title) && *text == lead_in(story);
    let quote = if leads_in || (quoted && is_told(text, story)) {
        // Whole sentences of the story have its numbers, names and negations; a lead-in has its names alone.
        quote.clone().unwrap_or_else(|| text.clone())
    } else {
        judge(text, quote.as_deref(), corpus, story)?
    };
    Ok(Verified { text: text.clone(), story: id.clone(), quote })
}

/// Judges a text that is not the story's own; returns its quote.
fn judge(
    text: &str,
    quote: Option<&str>,
    corpus: &Corpus,
    story: &Story,
) -> Result<String, Unsupported> {
    let stated = stated(story);
    numbers::check(text, story, &stated)?;
    names::check(text, corpus, story, &stated)?;
    match quote {
        Some(quote) => supported_by(text, corpus, story, quote),
        None => find_quote(text, corpus, story),
    }
}

/// Tells whether a quote stands in the story word for word.
fn is_said(quote: &str, story: &Story) -> bool {
    !quote.trim().is_empty() && quotable(story).any(|field| field.contains(quote))
}

/// Tells whether a text is one or more whole sentences of the story.
fn is_told(text: &str, story: &Story) -> bool {
    !text.is_empty()
        && quotable(story).any(|field| {
            field.find(text).is_some_and(|start| {
                let places = places(field);
                places.iter().any(|place| place.start == start)
                    && places.iter().any(|place| place.end == start + text.len())
            })
        })
}

fn supported_by(
    text: &str,
    corpus: &Corpus,
    story: &Story,
    quote: &str,
) -> Result<String, Unsupported> {
    let claims = Claims::of(text, corpus, story);
    let share = claims.share(&claims.found_in(quote), places(quote).len());
    if share.is_none_or(|share| share < ENOUGH) {
        return Err(Unsupported::Unlike);
    }
    if negation::flips(text, quote) {
        return Err(Unsupported::Negation);
    }
    Ok(quote.to_owned())
}

/// Finds the passage that has most of a text, the shorter one of two that have as much.
fn find_quote(text: &str, corpus: &Corpus, story: &Story) -> Result<String, Unsupported> {
    let claims = Claims::of(text, corpus, story);
    let mut alike: Vec<(f32, &str)> = Vec::new();
    for field in quotable(story) {
        let places = places(field);
        let found: Vec<_> = places.iter().map(|at| claims.found_in(&field[at.clone()])).collect();
        for first in 0..places.len() {
            let mut together = vec![false; claims.0.len()];
            for last in first..places.len().min(first + LONGEST) {
                together.iter_mut().zip(&found[last]).for_each(|(all, one)| *all |= one);
                let run = &field[places[first].start..places[last].end];
                let further = last - first;
                let share = claims.share(&together, further + 1).unwrap_or(0.0);
                let share = share - LONGER * further as f32;
                if share >= ENOUGH && !has_mark(run) {
                    alike.push((share, run));
                }
            }
        }
    }
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    if alike.is_empty() {
        return Err(Unsupported::Unlike);
    }
    let quote = alike.into_iter().find(|(_, run)| !negation::flips(text, run));
    quote.map(|(_, run)| run.to_owned()).ok_or(Unsupported::Negation)
}

/// Returns where the sentences of a text stand in it.
fn places(text: &str) -> Vec<Range<usize>> {
    let mut end = 0;
    sentences(text)
        .into_iter()
        .filter_map(|sentence| {
            let start = end + text[end..].find(sentence)?;
            end = start + sentence.len();
            Some(start..end)
        })
        .collect()
}

/// What a text claims, as far as it can be compared, each with its weight. The names of the story's own
/// client and project are not among it: they stand in many sentences and tell nothing of what happened. Nor are
/// units of time, which are their numbers'.
struct Claims(Vec<(Claim, f32)>);

enum Claim {
    Stem(String),
    Number(Number),
}

impl Claims {
    fn of(text: &str, corpus: &Corpus, story: &Story) -> Self {
        let names = [&*story.client, &story.project, &TIME.join(" ")].join(" ");
        let names = content_stems(&names);
        let stems = content_stems(text).into_iter().filter(|stem| !names.contains(stem));
        let stems = stems.map(|stem| {
            let rarity = corpus.rarity(corpus.frequency(&stem));
            (Claim::Stem(stem), rarity)
        });
        let numbers = numbers(text).into_iter().map(|number| (Claim::Number(number), NUMBER));
        Self(stems.chain(numbers).collect())
    }

    /// Tells of each claim whether another text has it.
    fn found_in(&self, other: &str) -> Vec<bool> {
        let (stems, numbers) = (content_stems(other), numbers(other));
        let found = |claim: &Claim| match claim {
            Claim::Stem(stem) => stems.contains(stem),
            Claim::Number(number) => numbers.iter().any(|other| number.is(other)),
        };
        self.0.iter().map(|(claim, _)| found(claim)).collect()
    }

    /// Returns the share of the claims that are found in so many sentences, `None` when they are too few to tell.
    fn share(&self, found: &[bool], sentences: usize) -> Option<f32> {
        let all: f32 = self.0.iter().map(|(_, weight)| *weight).sum();
        let kept = || self.0.iter().zip(found).filter(|(_, found)| **found);
        let count = kept().count();
        let share = kept().map(|((_, weight), _)| *weight).sum::<f32>() / all;
        let few = count >= FEW && share >= NEARLY_ALL && sentences == 1;
        (count >= FEWEST || few).then_some(share)
    }
}

/// Returns the stems of the words that are neither stop words nor numerals.
fn content_stems(text: &str) -> HashSet<String> {
    words(text).filter(|word| !is_stop(word) && !is_numeral(word)).map(|word| stem(&word)).collect()
}

//! Questions about something else than this career.
//!
//! Some forms never ask about it ("Will it rain tomorrow?"), some are orders for other work ("Write a
//! poem"). All else that names or addresses the person is about the career. What does not is when its words
//! come together in some story, which is measured; a form that asks about the world needs more of that.
//!
//! Not here: whether a story answers. "What experience do you have with quantum computing?" is in scope.

use std::sync::LazyLock;

use super::{
    patterns::Patterns,
    tokens::Token,
    words::{is_english, is_near},
};
use crate::{corpus::Corpus, text::stem, vocabulary};

static FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::read(include_str!("scope.txt")));

/// The least share of a question's words that a single story must have: of a form that asks about the
/// world, and of any other question.
const WORLDLY: f32 = 0.75;
const ASKING: f32 = 0.4;

/// Who is asked, or is spoken about.
const PERSON: &str = "you your yours yourself u ur rowan he she his him her they their them himself herself \
    we our us";
/// Words about work as such.
const CAREER: &str = "career experience experiences project projects programme client clients role roles \
    team teams portfolio achievement achievements leadership employer employers job jobs skills story \
    stories colleagues stakeholders engagement engagements background cv resume";
/// How a question begins.
const ASKS: &str = "what whats which who whose whom when where why how is are was were do does did can \
    could would will should shall has have had may explain describe summarise summarize tell list give show \
    name define compare outline";

#[derive(Debug, Default)]
struct Forms {
    always: Patterns,
    orders: Patterns,
    world: Patterns,
    topics: Vec<&'static str>,
}

impl Forms {
    fn read(text: &'static str) -> Self {
        let part = |name: &str| {
            let rest = text.split_once(&format!("\n[{name}]\n")).map_or("", |(_, rest)| rest);
            rest.split_once("\n[").map_or(rest, |(part, _)| part)
        };
        Self {
            always: Patterns::read(part("always")),
            orders: Patterns::read(part("orders")),
            world: Patterns::read(part("world")),
            topics: part("topics").split_whitespace().collect(),
        }
    }
}

/// Tells whether a question is about something else than this career.
pub(super) fn is_left(corpus: &Corpus, question: &str, read: &[Token], follow_up: bool) -> bool {
    if FORMS.always.found(read) {
        return true;
    }
    if is_about_person(read) || !corpus.names.scope(question).is_empty() {
        return false;
    }
    if FORMS.orders.found(read) {
        return true;
    }
    if follow_up || has(read, CAREER) && !names_a_stranger(corpus, read) {
        return false;
    }
    let asks = read.first().is_some_and(|first| listed(ASKS, &first.text));
    let fit = fit(corpus, read);
    if !asks {
        let topic = read.iter().any(|token| FORMS.topics.contains(&token.text.as_str()));
        return topic && fit.share < ASKING;
    }
    fit.share < if FORMS.world.found(read) || fit.strange { WORLDLY } else { ASKING }
}

/// Tells whether the person is asked or spoken of; the "you" of "Can you …" only bids.
fn is_about_person(read: &[Token]) -> bool {
    read.iter().enumerate().any(|(at, token)| {
        let bids = token.text == "you"
            && at
                .checked_sub(1)
                .and_then(|before| read.get(before))
                .is_some_and(|before| before.opens && listed("can could will would", &before.text));
        listed(PERSON, &token.text) && !bids && !(token.text == "us" && !token.shouted)
    })
}

/// Tells whether two words that no story has stand together as a name does.
fn names_a_stranger(corpus: &Corpus, read: &[Token]) -> bool {
    let strange = |token: &Token| {
        token.capital && corpus.frequency(&stem(&token.text)) == 0 && !is_english(&token.text)
    };
    read.windows(2).any(|pair| strange(&pair[0]) && strange(&pair[1]))
}

/// How a question's words fit the stories.
struct Fit {
    /// Of its words by weight, the share that the best story has; 1 without words that tell.
    share: f32,
    /// It has a name that no story has.
    strange: bool,
}

fn fit(corpus: &Corpus, read: &[Token]) -> Fit {
    let mut strange = false;
    let mut terms = Vec::new();
    for (at, token) in read.iter().enumerate() {
        let word = token.text.as_str();
        if vocabulary::is_stop(word) || vocabulary::is_weak(word) || word.chars().count() < 2 {
            continue;
        }
        let own = stem(word);
        let known = corpus.frequency(&own) > 0;
        if !known && token.capital && at > 0 && !token.shouted {
            strange = true;
        }
        terms.push((own, known));
    }
    let weight = |term: &str| corpus.rarity(corpus.frequency(term));
    let whole: f32 = terms.iter().map(|(term, _)| weight(term)).sum();
    // A misspelling counts as found, wherever it may be meant.
    let meant: f32 = terms
        .iter()
        .filter(|(term, known)| {
            !known
                && term.len() > 4
                && !is_english(term)
                && is_near(term, |near| corpus.frequency(near) > 0)
        })
        .map(|(term, _)| weight(term))
        .sum();
    let best = corpus.stories.iter().map(|story| {
        terms
            .iter()
            .filter(|(term, _)| story.terms.contains_key(term))
            .map(|(term, _)| weight(term))
            .sum()
    });
    let best = best.fold(0.0, f32::max);
    Fit { share: if whole > 0.0 { (best + meant) / whole } else { 1.0 }, strange }
}

fn has(read: &[Token], list: &str) -> bool {
    read.iter().any(|token| listed(list, &token.text))
}

fn listed(list: &str, word: &str) -> bool {
    vocabulary::listed(list, word)
}

//! Questions about something else than this career.
//!
//! Some forms never ask about it ("Will it rain tomorrow?"), some are orders for other work ("Write a
//! poem"). All else that names or addresses the person is about the career. What does not is when the stories
//! have its words, which is measured; a form that asks about the world needs more of them.
//!
//! Not here: whether a story answers. "What experience do you have with quantum computing?" is in scope.

use std::sync::LazyLock;

use super::{
    patterns::Patterns,
    tokens::Token,
    words::{is_english, is_foreign, is_near},
};
use crate::{corpus::Corpus, text::stem, vocabulary};

static FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::read(include_str!("scope.txt")));

/// The least share of a question's words, by weight, that the stories must have: of a question with a word
/// of a popular topic, with a name that no story has, of a form that asks about the world, and of others.
const TOPICAL: f32 = 0.6;
const STRANGE: f32 = 0.5;
const WORLDLY: f32 = 0.45;
const ASKING: f32 = 0.2;

/// Who is asked, or is spoken about.
const PERSON: &str = "you your yours yourself u ur rowan he she his him her himself herself";
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
    let topic = has_topic(read);
    if is_about_person(read, topic) || !corpus.names.scope(question).is_empty() {
        return false;
    }
    if FORMS.orders.found(read) {
        return true;
    }
    if is_foreign(read.iter().map(|token| token.text.as_str())) {
        return false;
    }
    if follow_up || (!topic && has(read, CAREER) && !names_a_stranger(corpus, read)) {
        return false;
    }
    let world = FORMS.world.found(read);
    let Some(fit) = fit(corpus, read, !world) else { return is_sum(read) };
    let asks = read.first().is_some_and(|first| listed(ASKS, &first.text));
    let least = match asks {
        _ if topic => TOPICAL,
        true if fit.strange => STRANGE,
        true if world => WORLDLY,
        true => ASKING,
        // A few words may be a title, a technology, anything.
        false => 0.0,
    };
    fit.known < least
}

/// Tells whether nothing but numbers is asked about: "What is 347 times 29?"
fn is_sum(read: &[Token]) -> bool {
    read.iter().filter(|token| token.text.parse::<u64>().is_ok()).count() > 1
}

fn has_topic(read: &[Token]) -> bool {
    read.iter().any(|token| FORMS.topics.contains(&token.text.as_str()))
}

/// Tells whether the person is asked or spoken of; the "you" of "Can you …" only bids, and so does that of
/// "What do you think of …" before a popular topic.
fn is_about_person(read: &[Token], topic: bool) -> bool {
    read.iter().enumerate().any(|(at, token)| {
        let before = at.checked_sub(1).and_then(|before| read.get(before));
        let bids = before.is_some_and(|b| b.opens && listed("can could will would", &b.text));
        let opines = topic
            && read.get(at + 1).is_some_and(|next| {
                listed("know think like prefer recommend suggest watch play eat", &next.text)
            });
        listed(PERSON, &token.text) && !(token.text == "you" && (bids || opines))
    })
}

/// Tells whether two words that no story has stand together as a name does.
fn names_a_stranger(corpus: &Corpus, read: &[Token]) -> bool {
    let strange = |token: &Token| token.capital && corpus.frequency(&stem(&token.text)) == 0;
    read.windows(2)
        .any(|pair| pair.iter().all(strange) && !pair.iter().all(|token| is_english(&token.text)))
}

/// How a question's words fit the stories.
struct Fit {
    /// Of its words by weight, the share that any story has.
    known: f32,
    /// It has a name that no story has.
    strange: bool,
}

/// Returns how a question's words fit the stories; nothing when none of them tells.
fn fit(corpus: &Corpus, read: &[Token], lenient: bool) -> Option<Fit> {
    let (mut known, mut whole, mut strange) = (0.0, 0.0, false);
    for (at, token) in read.iter().enumerate() {
        let word = token.text.as_str();
        let own = stem(word);
        let frequency = corpus.frequency(&own);
        let says_nothing = vocabulary::is_stop(word)
            || vocabulary::is_weak(word)
            || word.chars().count() < 2
            || word.parse::<u64>().is_ok();
        // Short forms may be of what the stories spell out ("MoW").
        if says_nothing || (lenient && token.short && frequency == 0) {
            continue;
        }
        let weight = corpus.rarity(frequency);
        whole += weight;
        if frequency > 0 || is_misspelt(corpus, word, &own) {
            known += weight;
        } else {
            strange |= token.capital && at > 0;
        }
    }
    (whole > 0.0).then(|| Fit { known: known / whole, strange })
}

fn is_misspelt(corpus: &Corpus, word: &str, own: &str) -> bool {
    own.len() > 4 && !is_english(word) && is_near(own, |near| corpus.frequency(near) > 0)
}

fn has(read: &[Token], list: &str) -> bool {
    read.iter().any(|token| listed(list, &token.text))
}

fn listed(list: &str, word: &str) -> bool {
    vocabulary::listed(list, word)
}

//! Questions without a readable meaning.
//!
//! Each word counts by how well it reads: a word of the stories or of English in full, a misspelling of one
//! and a name less, letters that could be a word little, others not at all. Below [`READABLE`] on average
//! nothing can be read. Words that read well but never follow each other so are no sentence either.
//!
//! Not here: other languages; what is written in one is readable.

use super::{
    tokens::Token,
    words::{is_english, is_foreign, is_listed, is_near, is_plausible},
};
use crate::{corpus::Corpus, text::stem, vocabulary};

/// The least mean at which a question reads.
const READABLE: f32 = 0.5;
/// What letters count that could be a word; a single word needs no more.
const PLAUSIBLE: f32 = 0.35;
/// Words of at least this many letters may be a misspelling; of English, where nearly everything is near
/// something, one letter more.
const LONG: usize = 5;
/// In pairs of these no sentence goes on: an article, then something that cannot follow one.
const ARTICLES: &str = "the a an";
const NEVER_AFTER_ARTICLE: &str =
    "the a an of under in on at because is was were if and or but to from";
const PREPOSITIONS: &str = "of under with at by";
const NEVER_AFTER_PREPOSITION: &str = "of under because is was were and or but if into";

/// Tells whether a question has no readable meaning.
pub(super) fn found(corpus: &Corpus, read: &[Token]) -> bool {
    let words: Vec<_> = read.iter().filter(|t| t.text.chars().any(char::is_alphabetic)).collect();
    let other = words.iter().filter(|token| !token.text.is_ascii()).count();
    if words.is_empty() {
        return !read.iter().any(|token| is_year(&token.text));
    }
    if other * 2 > words.len() {
        return is_repeated(&words);
    }
    if is_foreign(words.iter().map(|token| token.text.as_str())) {
        return false;
    }
    let shouting = words.iter().all(|token| token.short);
    let (mut sum, mut whole) = (0.0, 0.0);
    for token in &words {
        // Small words lend sense to others and have little of their own.
        let weight = if vocabulary::is_stop(&token.text) { 0.5 } else { 1.0 };
        sum += weight * value(corpus, token, shouting);
        whole += weight;
    }
    let mean = sum / whole;
    let least = if words.len() == 1 { PLAUSIBLE } else { READABLE };
    mean < least || is_salad(read)
}

/// Returns how well a word reads, 0–1.
fn value(corpus: &Corpus, token: &Token, shouting: bool) -> f32 {
    let word = token.text.as_str();
    let letters = word.chars().count();
    let own = stem(word);
    if corpus.frequency(&own) > 0 || is_english(word) {
        return 1.0;
    }
    if letters >= LONG && is_near(&own, |near| corpus.frequency(near) > 0) {
        return 0.8;
    }
    let acronym = token.short && letters <= 6 && !(shouting && letters > 4);
    let named = word.contains(|c: char| c.is_ascii_digit()) && letters <= 8;
    if acronym || named {
        return READABLE;
    }
    if letters > LONG && is_near(word, is_listed) {
        return 0.6;
    }
    match is_plausible(word) {
        true if token.capital && !token.opens => READABLE,
        true => PLAUSIBLE,
        false => 0.0,
    }
}

fn is_year(text: &str) -> bool {
    text.parse().is_ok_and(|year: u16| (1950..2100).contains(&year))
}

/// Tells whether text in other letters says one or two of them over and over.
fn is_repeated(words: &[&Token]) -> bool {
    let mut letters: Vec<_> = words.iter().flat_map(|token| token.text.chars()).collect();
    let all = letters.len();
    letters.sort_unstable();
    letters.dedup();
    all > 4 && letters.len() < 3
}

/// Tells whether words stand in an order in which English never has them, twice at least.
fn is_salad(read: &[Token]) -> bool {
    let listed = |list: &str, word: &str| list.split(' ').any(|l| l == word);
    let ends = read.last().is_some_and(|last| listed(ARTICLES, &last.text) && !last.capital);
    let clashes = read.windows(2).filter(|pair| {
        let (one, next) = (pair[0].text.as_str(), pair[1].text.as_str());
        !pair[1].opens
            && ((listed(ARTICLES, one) && listed(NEVER_AFTER_ARTICLE, next))
                || (listed(PREPOSITIONS, one) && listed(NEVER_AFTER_PREPOSITION, next)))
    });
    clashes.count() + usize::from(ends) >= 2
}

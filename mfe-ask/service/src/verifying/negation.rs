//! Whether one of two sentences denies what the other states.
//!
//! A negator denies the words that follow it closely: `none of which closed a branch`. Not here: antonyms.

use unicode_segmentation::UnicodeSegmentation;

use crate::{text::stem, vocabulary::is_stop};

const NEGATORS: [&str; 13] = [
    "not", "never", "no", "none", "nobody", "nothing", "nowhere", "neither", "nor", "without",
    "cannot", "hardly", "unable",
];
/// Verbs that deny the next one.
const DENYING: [&str; 6] = ["failed", "refused", "declined", "avoided", "stopped", "prevented"];
/// After one of these a negator denies something else, or nothing: `nothing until`, `no more than`.
const TURNS: [&str; 9] =
    ["until", "but", "except", "only", "more", "less", "later", "longer", "just"];
/// Words after a negator that it may deny.
const REACH: usize = 4;

/// What a text denies and what else it says, as stems.
#[derive(Default)]
struct Polarity {
    negated: bool,
    /// The first content word after each negator.
    denied: Vec<String>,
    /// Every content word within reach of a negator.
    within_reach: Vec<String>,
    all: Vec<String>,
}

impl Polarity {
    fn of(text: &str) -> Self {
        let words: Vec<_> =
            text.unicode_words().map(|word| word.to_lowercase().replace('’', "'")).collect();
        let mut polarity = Self::default();
        for (at, word) in words.iter().enumerate() {
            if is_content(word) {
                polarity.all.push(stem(word));
            }
            if !negates(word) {
                continue;
            }
            polarity.negated = true;
            let reach = words[at + 1..].iter().take(REACH);
            let reach = reach.take_while(|word| !TURNS.contains(&word.as_str()));
            let mut stems = reach.filter(|word| is_content(word)).map(|word| stem(word)).peekable();
            polarity.denied.extend(stems.peek().cloned());
            polarity.within_reach.extend(stems);
        }
        polarity
    }
}

fn negates(word: &str) -> bool {
    word.ends_with("n't") || NEGATORS.contains(&word) || DENYING.contains(&word)
}

fn is_content(word: &str) -> bool {
    !is_stop(word) && !negates(word)
}

/// Tells whether the text denies what the quote states, or states what the quote denies.
pub(super) fn flips(text: &str, quote: &str) -> bool {
    let (text, quote) = (Polarity::of(text), Polarity::of(quote));
    let denies = |stem: &String| quote.all.contains(stem) && !quote.within_reach.contains(stem);
    let states = |stem: &String| text.all.contains(stem);
    text.negated && (!quote.negated || text.denied.iter().any(denies))
        || !text.negated && quote.denied.iter().any(states)
}

#[cfg(test)]
mod tests {
    use super::flips;

    #[test]
    fn a_negation_must_be_in_both_or_in_neither() {
        for (text, quote, expected) in [
            ("We did not lose a branch.", "We lost a branch.", true),
            ("It never slipped.", "Two slices slipped.", true),
            ("We closed branches.", "No cutover, none of which closed a branch.", true),
            ("We didn’t close a branch.", "Nine cutovers, none of which closed a branch.", false),
            (
                "We moved it in nine cutovers.",
                "Nine cutovers, none of which closed a branch.",
                false,
            ),
            ("We moved it after 30 nights.", "We moved nothing until 30 nights had passed.", false),
            ("We never missed a date.", "We missed a date, and nobody resigned.", true),
            ("The team slipped.", "The team failed to slip.", true),
            ("It won.", "It won.", false),
        ] {
            assert_eq!(flips(text, quote), expected, "{text} / {quote}");
        }
    }
}

//! Numbers in a text, however they are written: `4.1 million`, `$3.6M`, `96,000`, `40 %`, `nineteen`,
//! `twenty-one`, `two thirds`, `doubled`.
//!
//! `first`, `second` and the `one` of `one another` count nothing and are no numbers here.

use std::{borrow::Cow, collections::HashSet, ops::Range};

use unicode_segmentation::UnicodeSegmentation;

use super::{
    Unsupported, content_stems,
    numerals::{
        AFTER_PRONOUN, BEFORE_PRONOUN, ORDINALS, PARTS, SCALES, TENS, TIME, TIMES, UNITS, VAGUE,
        is_numeral,
    },
};
use crate::{story::Story, text::sentences, vocabulary::is_stop};

/// Words on either side of a number that say what it counts.
const BESIDE: usize = 3;

/// A number with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    value: Value,
    unit: Unit,
    counts: Counts,
    /// Where it stands.
    at: Range<usize>,
}

/// Digits without zeros at either end, and a power of ten; or something else that only equals itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Value {
    digits: String,
    exponent: i32,
}

/// What the very next word says that it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    Time(&'static str),
    Else,
    /// The word counts nothing, or there is none: `from 29 to 4 minutes`.
    Untold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    None,
    Percent,
    Money(char),
    Times,
}

/// Checks that the story has every number of a text, and that it counts the same there.
pub(super) fn check(text: &str, story: &Story, stated: &[Cow<'_, str>]) -> Result<(), Unsupported> {
    if numbers(text).is_empty() {
        return Ok(());
    }
    let told = |text| sentences(text).into_iter().map(|sentence| (sentence, numbers(sentence)));
    let facts: Vec<_> = stated
        .iter()
        .flat_map(|text| told(text))
        .filter(|(_, numbers)| !numbers.is_empty())
        .collect();
    for (sentence, claims) in told(text) {
        for claim in &claims {
            if !is_told(sentence, claim, &claims, story, &facts) {
                return Err(Unsupported::Number(sentence[claim.at.clone()].to_owned()));
            }
        }
    }
    Ok(())
}

/// Tells whether a fact has the number of a sentence, and of the same.
fn is_told(
    sentence: &str,
    claim: &Number,
    claims: &[Number],
    story: &Story,
    facts: &[(&str, Vec<Number>)],
) -> bool {
    let mut with = facts.iter().filter(|(_, facts)| facts.iter().any(|fact| claim.is(fact)));
    if claim.is_year() {
        let began = story.start.get(..4) == sentence.get(claim.at.clone());
        return began || with.next().is_some();
    }
    let counted = counted(sentence, claim);
    with.any(|(fact, told)| {
        // Of two amounts or shares in one sentence each says what the other is about.
        let both = claims.iter().any(|other| {
            other != claim && other.unit == claim.unit && told.iter().any(|fact| other.is(fact))
        });
        counted.is_empty()
            || claim.unit != Unit::None && both
            || !counted.is_disjoint(&content_stems(fact))
    })
}

/// Returns the stems of what a number counts: the words after it, or before it when none follow. Amounts
/// and shares are as often of what was said before.
fn counted(sentence: &str, Number { unit, at, .. }: &Number) -> HashSet<String> {
    let after = sentence[at.end..].unicode_words().take(BESIDE);
    let after = content_stems(&after.collect::<Vec<_>>().join(" "));
    if !after.is_empty() && *unit == Unit::None {
        return after;
    }
    let before = sentence[..at.start].unicode_words().rev().take(BESIDE);
    &after | &content_stems(&before.collect::<Vec<_>>().join(" "))
}

/// Returns the numbers of a text in their order.
pub(super) fn numbers(text: &str) -> Vec<Number> {
    let words: Vec<_> = text
        .unicode_word_indices()
        .map(|(at, word)| Word { at, end: at + word.len(), lower: word.to_lowercase() })
        .collect();
    let mut numbers = Vec::new();
    let mut next = 0;
    while next < words.len() {
        match read(text, &words[next..], next.checked_sub(1).map(|at| &words[at])) {
            Some((number, used)) => {
                numbers.push(number);
                next += used;
            }
            None => next += 1,
        }
    }
    numbers
}

struct Word {
    at: usize,
    end: usize,
    lower: String,
}

/// Reads the number that some words begin with, and returns how many words it takes.
fn read(text: &str, words: &[Word], before: Option<&Word>) -> Option<(Number, usize)> {
    let first = words.first()?;
    let (value, unit, used) =
        read_whole(words).or_else(|| read_digits(first)).or_else(|| read_spelled(words, before))?;
    let (value, used) = scaled(text, value, words, used);
    let last = &words[used - 1];
    let unit = match unit {
        Unit::None => unit_around(text, first, last, &words[used..]),
        unit => unit,
    };
    let counts = counts(text, last, words.get(used));
    Some((Number { value, unit, counts, at: first.at..last.end }, used))
}

fn counts(text: &str, last: &Word, next: Option<&Word>) -> Counts {
    let adjacent = |word: &&Word| matches!(&text[last.end..word.at], " " | "-" | "\u{a0}");
    let Some(Word { lower, .. }) = next.filter(adjacent) else { return Counts::Untold };
    match time(lower) {
        Some(unit) => Counts::Time(unit),
        None if is_stop(lower) || is_numeral(lower) => Counts::Untold,
        None => Counts::Else,
    }
}

/// Returns the unit of time that a word names, in small letters.
fn time(word: &str) -> Option<&'static str> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    TIME.iter().find(|unit| **unit == singular).copied()
}

/// Reads what is a number by itself: a part of a whole, a multiple, a vague number.
fn read_whole(words: &[Word]) -> Option<(Value, Unit, usize)> {
    let first = words.first()?.lower.as_str();
    if let Some((_, times)) = TIMES.iter().find(|(name, _)| *name == first) {
        return Some((Value::decimal(times), Unit::Times, 1));
    }
    if VAGUE.contains(&first) {
        return Some((Value::word(first), Unit::None, 1));
    }
    if matches!(first, "half" | "halved" | "halving") {
        return Some((Value::word("1/2"), Unit::None, 1));
    }
    let parts = match first {
        "a" | "an" => 1,
        word => UNITS.iter().position(|unit| *unit == word).filter(|n| (1..10).contains(n))?,
    };
    let second = words.get(1)?.lower.as_str();
    let (_, whole) = PARTS.iter().find(|(name, _)| *name == second)?;
    Some((Value::word(&format!("{parts}/{whole}")), Unit::None, 2))
}

/// Reads `96,000`, `4.1`, `3.6M`, `19th`, `5x`.
fn read_digits(word: &Word) -> Option<(Value, Unit, usize)> {
    let lower = word.lower.as_str();
    if !lower.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let end = lower.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    let (digits, suffix) = lower.split_at(end.unwrap_or(lower.len()));
    let value = Value::decimal(digits);
    let scale = SCALES.iter().find(|(name, _)| *name == suffix).map_or(0, |(_, power)| *power);
    let unit = if suffix == "x" { Unit::Times } else { Unit::None };
    Some((value.times_ten_to(scale), unit, 1))
}

/// Reads `nineteen`, `twenty-one`, `two hundred and seventeen`, `a dozen`, `third`.
fn read_spelled(words: &[Word], before: Option<&Word>) -> Option<(Value, Unit, usize)> {
    let first = words.first()?.lower.as_str();
    let word = |at: usize| words.get(at).map(|word| word.lower.as_str());
    if first == "one" && is_pronoun(before.map(|word| word.lower.as_str()), word(1)) {
        return None;
    }
    if first == "dozen" {
        return Some((Value::decimal("12"), Unit::None, 1));
    }
    if word(1) == Some("dozen") {
        let count = if first == "a" { Some(1) } else { small(first) };
        return count.map(|n| (Value::decimal(&(n * 12).to_string()), Unit::None, 2));
    }
    if matches!(first, "a" | "an") {
        let scale = matches!(word(1), Some("hundred" | "thousand" | "million" | "billion"));
        return scale.then(|| (Value::decimal("1"), Unit::None, 1));
    }
    let (mut total, mut used) = below_hundred(words)?;
    if word(used) == Some("hundred") {
        (total, used) = (total * 100, used + 1);
        let and = usize::from(word(used) == Some("and"));
        if let Some((rest, more)) = words.get(used + and..).and_then(below_hundred) {
            (total, used) = (total + rest, used + and + more);
        }
    }
    Some((Value::decimal(&total.to_string()), Unit::None, used))
}

/// Reads a number from 0 to 99, cardinal or ordinal.
fn below_hundred(words: &[Word]) -> Option<(usize, usize)> {
    let first = words.first()?.lower.as_str();
    let Some(tens) = TENS.iter().position(|ten| *ten == first).filter(|tens| *tens > 0) else {
        return small(first).map(|n| (n, 1));
    };
    let unit = words.get(1).and_then(|word| match word.lower.as_str() {
        "first" => Some(1),
        "second" => Some(2),
        word => small(word),
    });
    Some(match unit.filter(|unit| (1..10).contains(unit)) {
        Some(unit) => (tens * 10 + unit, 2),
        None => (tens * 10, 1),
    })
}

fn small(word: &str) -> Option<usize> {
    let cardinal = UNITS.iter().position(|unit| *unit == word);
    cardinal.or_else(|| ORDINALS.iter().position(|unit| *unit == word).map(|at| at + 3))
}

fn is_pronoun(before: Option<&str>, after: Option<&str>) -> bool {
    before.is_some_and(|word| BEFORE_PRONOUN.contains(&word))
        || after.is_none_or(|word| AFTER_PRONOUN.contains(&word))
}

/// Takes the `million` after a number into it.
fn scaled(text: &str, value: Value, words: &[Word], used: usize) -> (Value, usize) {
    let (mut value, mut used) = (value, used);
    while let Some(next) = words.get(used) {
        let between = &text[words[used - 1].end..next.at];
        let scale = SCALES.iter().find(|(name, _)| name.len() > 2 && *name == next.lower);
        let Some((_, power)) = scale.filter(|_| matches!(between, " " | "-" | "\u{a0}")) else {
            break;
        };
        (value, used) = (value.times_ten_to(*power), used + 1);
    }
    (value, used)
}

/// Reads the signs before and after a number.
fn unit_around(text: &str, first: &Word, last: &Word, after: &[Word]) -> Unit {
    let sign = text[..first.at].chars().next_back().filter(|c| matches!(c, '$' | '€' | '£'));
    if let Some(sign) = sign {
        return Unit::Money(sign);
    }
    let word = |at: usize| after.get(at).map(|word| word.lower.as_str());
    match (word(0), word(1)) {
        _ if text[last.end..].trim_start_matches([' ', '\u{a0}']).starts_with('%') => Unit::Percent,
        (Some("percent"), _) | (Some("per"), Some("cent")) => Unit::Percent,
        (Some("dollar" | "dollars"), _) => Unit::Money('$'),
        (Some("euro" | "euros"), _) => Unit::Money('€'),
        _ => Unit::None,
    }
}

impl Number {
    /// Tells whether this claims no more than what the other is: `3.6M` is `$3.6M`, not the other way. Nine minutes
    /// are neither nine days nor nine teams; they may be a nine of which nothing is told.
    pub(super) fn is(&self, fact: &Self) -> bool {
        let of_same = self.unit == Unit::None || self.unit == fact.unit;
        let counts_same = match self.counts {
            Counts::Time(_) => fact.counts == self.counts || fact.counts == Counts::Untold,
            Counts::Else | Counts::Untold => true,
        };
        self.value == fact.value && of_same && counts_same
    }

    /// Returns where it stands in its text.
    #[cfg(test)]
    pub(super) fn place(&self) -> Range<usize> {
        self.at.clone()
    }

    fn is_year(&self) -> bool {
        self.unit == Unit::None
            && self.at.len() == 4
            && self.value.exponent >= 0
            && (self.value.digits.starts_with("19") || self.value.digits.starts_with('2'))
    }
}

impl Value {
    fn word(word: &str) -> Self {
        Self { digits: word.to_owned(), exponent: 0 }
    }

    /// Reads digits with separators; what has them in odd places only equals itself.
    fn decimal(text: &str) -> Self {
        let text = text.trim_end_matches(['.', ',']);
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let mut groups = whole.split(',');
        let grouped = groups.next().is_some() && groups.all(|group| group.len() == 3);
        if !grouped || part.contains(['.', ',']) {
            return Self::word(text);
        }
        let digits = [&whole.replace(',', ""), part].concat();
        let digits = digits.trim_start_matches('0');
        let short = digits.trim_end_matches('0');
        if short.is_empty() {
            return Self::word("0");
        }
        // A text has far fewer characters than an i32 can count.
        let exponent = digits.len() as i32 - short.len() as i32 - part.len() as i32;
        Self { digits: short.to_owned(), exponent }
    }

    fn times_ten_to(self, power: i32) -> Self {
        match self.digits.as_str() {
            "0" => self,
            _ => Self { exponent: self.exponent + power, ..self },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    fn same(a: &str, b: &str) -> bool {
        let (a, b) = (numbers(a), numbers(b));
        assert!(!a.is_empty() && !b.is_empty(), "{a:?} {b:?}");
        a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.is(b))
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for (a, b) in [
            ("19 months", "nineteen months"),
            ("a 19-month exit", "19 months"),
            ("twelve days", "12"),
            ("twenty-one", "21"),
            ("Twenty one", "21"),
            ("4.1 million", "4,100,000"),
            ("$3.6M", "$3.6 million"),
            ("3.6 million", "$3.6M"),
            ("30k", "30,000"),
            ("two hundred and seventeen", "217"),
            ("five hundred thousand", "500,000"),
            ("a million", "1,000,000"),
            ("40%", "forty percent"),
            ("40 %", "40 per cent"),
            ("a third", "one third"),
            ("two-thirds", "two thirds"),
            ("half", "a half"),
            ("halved", "half"),
            ("doubled", "twice"),
            ("2x", "doubled"),
            ("the 14th", "14"),
            ("the third year", "year 3"),
            ("the twenty-second", "22"),
            ("two dozen", "24"),
            ("0.50", "0.5"),
            ("zero", "0"),
            ("$31M", "31 million dollars"),
            ("2017", "2017"),
            ("$40", "forty dollars"),
        ] {
            assert!(same(a, b), "{a} = {b}: {:?} {:?}", numbers(a), numbers(b));
        }
    }

    #[test]
    fn other_numbers_are_other_numbers() {
        for (a, b) in [
            ("19", "91"),
            ("4.1 million", "4.1"),
            ("4.1", "41"),
            ("$3.6M", "3.6M"),
            ("40%", "40"),
            ("a third", "3"),
            ("two thirds", "a third"),
            ("doubled", "2"),
            ("hundreds", "100"),
            ("96,000", "96"),
            ("10,5", "105"),
            ("1.2.3", "1.23"),
            ("9 minutes", "nine days"),
            ("a 9-day wait", "9 hours"),
            ("nine days", "nine teams"),
        ] {
            assert!(!same(a, b), "{a} ≠ {b}: {:?} {:?}", numbers(a), numbers(b));
        }
    }

    #[test]
    fn everyday_words_are_no_numbers() {
        for text in [
            "one by one, no one helped one another",
            "first we met, and in a second we left",
            "One of them",
            "DB2 and S3",
            "a person",
            "the quarter-end",
        ] {
            assert_eq!(numbers(text), [], "{text}");
        }
        assert_eq!(numbers("one team of two").len(), 2);
    }
}

//! The words that numbers are made of. Not here: how they are put together; see `numbers`.

/// What is counted when time is, in the singular.
pub(super) const TIME: [&str; 10] =
    ["second", "minute", "hour", "day", "night", "week", "month", "quarter", "year", "decade"];
pub(super) const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
pub(super) const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/// From the third on; `first` and `second` are everyday words.
pub(super) const ORDINALS: [&str; 18] = [
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];
/// Parts of a whole, with what they divide by.
pub(super) const PARTS: [(&str, &str); 9] = [
    ("half", "2"),
    ("halves", "2"),
    ("third", "3"),
    ("thirds", "3"),
    ("quarter", "4"),
    ("quarters", "4"),
    ("fifth", "5"),
    ("fifths", "5"),
    ("tenth", "10"),
];
pub(super) const SCALES: [(&str, i32); 8] = [
    ("hundred", 2),
    ("thousand", 3),
    ("k", 3),
    ("million", 6),
    ("m", 6),
    ("mn", 6),
    ("billion", 9),
    ("bn", 9),
];
/// Say how many without saying how many.
pub(super) const VAGUE: [&str; 6] =
    ["dozens", "tens", "hundreds", "thousands", "millions", "billions"];
pub(super) const TIMES: [(&str, &str); 13] = [
    ("twice", "2"),
    ("double", "2"),
    ("doubled", "2"),
    ("doubles", "2"),
    ("doubling", "2"),
    ("twofold", "2"),
    ("thrice", "3"),
    ("triple", "3"),
    ("tripled", "3"),
    ("tripling", "3"),
    ("trebled", "3"),
    ("threefold", "3"),
    ("tenfold", "10"),
];
/// Before or after one of these, `one` is a pronoun.
pub(super) const BEFORE_PRONOUN: [&str; 12] =
    ["no", "any", "every", "each", "which", "the", "this", "that", "by", "from", "only", "another"];
pub(super) const AFTER_PRONOUN: [&str; 4] = ["another", "of", "by", "that"];

/// Tells whether a lower-case word is, or belongs to, a number.
pub(super) fn is_numeral(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || UNITS.contains(&word)
        || (TENS.contains(&word) && !word.is_empty())
        || ORDINALS.contains(&word)
        || VAGUE.contains(&word)
        || TIMES.iter().chain(&PARTS).any(|(name, _)| *name == word)
        || SCALES.iter().any(|(name, _)| name.len() > 2 && *name == word)
        || matches!(word, "dozen" | "halved" | "halving")
}

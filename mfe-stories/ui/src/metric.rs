//! How a number is drawn: which kind it is of, and how long its bars are.
//!
//! Whole numbers only: reading and writing floats would be 6 KB of the bundle. Not here: markup.

use mfe_stories_api::Metric;

/// What a metric is drawn as. Lengths are percent of the widest bar, 1–100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A part of a whole.
    Share(u8),
    /// Two amounts of one kind, as it was and as it is.
    Change { before: u8, after: u8 },
    /// A figure that is compared with nothing.
    Figure,
}

/// Words in a label after which the amount before stands.
const BEFORE: [&str; 4] = [", from ", ", against a plan of ", ", against ", ", previously "];

impl Kind {
    /// Returns the kind of a metric.
    pub(crate) fn of(metric: &Metric) -> Self {
        let Metric { value, label } = metric;
        // `$3.6M`, `annual run cost, from $9.8M`.
        let before = BEFORE.iter().find_map(|word| cut(label, word)).map(|(_, before)| before);
        if let Some(before) = before {
            return change(before, value).unwrap_or(Self::Figure);
        }
        // `83 days to 16`.
        if let Some((before, after)) = cut(value, " to ") {
            return change(before, after).unwrap_or(Self::Figure);
        }
        // `29 of 32`, `22 Fridays of 24`.
        if let Some((part, whole)) = cut(value, " of ") {
            let whole = Amount::read(whole.strip_prefix("the ").unwrap_or(whole));
            return share(Amount::read(part), whole).unwrap_or(Self::Figure);
        }
        match Amount::read(value) {
            Some(Amount { unit: Unit::Percent, thousandths }) => {
                percent(thousandths, 100_000).map_or(Self::Figure, Self::Share)
            }
            _ => Self::Figure,
        }
    }
}

/// Splits at the first `mark`. The standard library's search for texts is 2 KB (brotli) of the bundle.
fn cut<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(mark.len()).position(|part| part == mark.as_bytes())?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

fn change(before: &str, after: &str) -> Option<Kind> {
    let (mut before, mut after) = (Amount::read(before)?, Amount::read(after)?);
    // A bare number is of the other's kind.
    if before.unit == Unit::Bare {
        before = before.with(after);
    }
    if after.unit == Unit::Bare {
        after = after.with(before);
    }
    if !before.unit.is_like(after.unit) {
        return None;
    }
    let (before, after) = (before.base(), after.base());
    let most = before.max(after);
    Some(Kind::Change { before: percent(before, most)?, after: percent(after, most)? })
}

fn share(part: Option<Amount>, whole: Option<Amount>) -> Option<Kind> {
    let (part, whole) = (part?.thousandths, whole?.thousandths);
    percent(part, whole).map(Kind::Share)
}

/// Returns a part in percent, rounded, but never nothing where there is something.
fn percent(part: u64, whole: u64) -> Option<u8> {
    if whole == 0 || part > whole {
        return None;
    }
    let percent = part.saturating_mul(100).saturating_add(whole / 2) / whole;
    u8::try_from(percent.min(100)).ok().map(|percent| percent.max(u8::from(part > 0)))
}

/// An amount as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Amount {
    thousandths: u64,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Bare,
    Money,
    Percent,
    /// So many milliseconds each.
    Time(u64),
    /// By its first letters: `releases`.
    Thing([u8; 4]),
}

impl Unit {
    fn is_like(self, other: Self) -> bool {
        matches!((self, other), (Self::Time(_), Self::Time(_))) || self == other
    }
}

/// Units of time, in milliseconds.
const TIMES: [(&str, u64); 10] = [
    ("ms", 1),
    ("s", 1_000),
    ("second", 1_000),
    ("minute", 60_000),
    ("hour", 3_600_000),
    ("day", 86_400_000),
    ("week", 604_800_000),
    ("month", 2_629_800_000),
    ("quarter", 7_889_400_000),
    ("year", 31_557_600_000),
];

/// Small numbers are often written as words.
const WORDS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];

impl Amount {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        let (money, text) = match text.strip_prefix('$') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mut thousandths, rest) = number(text)?;
        let mut words = rest.split_ascii_whitespace();
        let mut word = words.next().unwrap_or_default();
        let scale = match word {
            "K" => 1_000,
            "M" | "million" => 1_000_000,
            "B" | "billion" => 1_000_000_000,
            _ => 1,
        };
        if scale > 1 {
            thousandths = thousandths.saturating_mul(scale);
            word = words.next().unwrap_or_default();
        }
        if word == "in" {
            // `one in six weeks` is a rate, and of what, stands elsewhere.
            return None;
        }
        if word == "working" {
            word = words.next().unwrap_or_default();
        }
        let unit = if money {
            Unit::Money
        } else if word == "%" {
            Unit::Percent
        } else {
            unit(word)
        };
        Some(Self { thousandths, unit })
    }

    /// The same number of the other's unit.
    fn with(self, other: Self) -> Self {
        Self { unit: other.unit, ..self }
    }

    /// In the smallest unit.
    fn base(self) -> u64 {
        match self.unit {
            Unit::Time(millis) => self.thousandths.saturating_mul(millis),
            _ => self.thousandths,
        }
    }
}

fn unit(word: &str) -> Unit {
    let time = |(name, millis): &(&str, u64)| {
        (word == *name || word.strip_suffix('s') == Some(name)).then_some(*millis)
    };
    if word.is_empty() || word == "a" {
        // `19 a month` is 19.
        return Unit::Bare;
    }
    match TIMES.iter().find_map(time) {
        Some(millis) => Unit::Time(millis),
        None => {
            let mut letters = [0; 4];
            letters.iter_mut().zip(word.bytes()).for_each(|(letter, byte)| *letter = byte);
            Unit::Thing(letters)
        }
    }
}

/// Reads a number, in thousandths, and returns what follows it.
fn number(text: &str) -> Option<(u64, &str)> {
    let digits =
        text.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b',' | b'.')).count();
    let (written, rest) = text.split_at_checked(digits)?;
    if written.is_empty() {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let value = (0_u64..).zip(WORDS).find(|(_, name)| word.eq_ignore_ascii_case(name))?.0;
        return Some((value * 1_000, rest));
    }
    // `3h10` and `09:40` are no amounts of one unit.
    let follows = rest.bytes().next().unwrap_or(b' ');
    if follows == b':' || (follows == b'h' && rest.len() > 1) {
        return None;
    }
    let (whole, part) = written.split_once('.').unwrap_or((written, ""));
    let mut value: u64 = 0;
    for byte in whole.bytes().filter(u8::is_ascii_digit) {
        value = value.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
    }
    for at in 0..3 {
        let digit = part.as_bytes().get(at).map_or(0, |byte| byte.wrapping_sub(b'0'));
        value = value.saturating_mul(10).saturating_add(u64::from(digit));
    }
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use mfe_stories_api::Metric;

    use super::Kind;

    fn kind(value: &str, label: &str) -> Kind {
        Kind::of(&Metric { value: value.to_owned(), label: label.to_owned() })
    }

    #[test]
    fn two_amounts_of_one_kind_are_a_change() {
        for (value, label, before, after) in [
            ("$3.6M", "annual ledger run cost, from $9.8M", 100, 37),
            ("11 seconds", "sign-on time, from 94", 100, 12),
            ("2 days", "to change a lending rule, from 7 weeks", 100, 4),
            ("8 seconds", "settlement notice, from 45 minutes", 100, 1),
            ("19%", "repeat calls, from 37%", 100, 51),
            ("96%", "of budget, from 240%", 100, 40),
            ("74 points", "claims satisfaction, from 61", 82, 100),
            ("7 hours", "wait for a signature, from nine days", 100, 3),
            ("$480K", "monthly burn, from $1.2M", 100, 40),
            ("214 to 47", "live feeds", 100, 22),
            ("83 days to 16", "idea to shop floor", 100, 19),
            ("19 a month to 2", "upstream breakages", 100, 11),
            ("4 to 150", "people in three years", 3, 100),
            ("640", "long-lived secrets left, from 9,300", 100, 7),
            ("$4.3M", "revenue, against a plan of $3.5M", 81, 100),
            ("0.19 ms", "added latency at p99, from 1.4 ms", 100, 14),
            ("$3.8M", "five-year cost, against $11M", 100, 35),
        ] {
            assert_eq!(kind(value, label), Kind::Change { before, after }, "{value}, {label}");
        }
    }

    #[test]
    fn a_part_of_a_whole_is_a_share() {
        for (value, label, part) in [
            ("63%", "of the good weeks", 63),
            ("29 of 32", "veterans in new permanent roles", 91),
            ("812 of 1,040", "weeks that could be marked", 78),
            ("22 Fridays of 24", "with a green integration", 92),
            ("12 of the 14 teams", "adopted visible work", 86),
            ("0.4%", "leakage", 1),
            ("99.995%", "authorisation availability", 100),
        ] {
            assert_eq!(kind(value, label), Kind::Share(part), "{value}, {label}");
        }
    }

    #[test]
    fn everything_else_is_a_figure() {
        for (value, label) in [
            ("19 months", "from kickoff to switch-off"),
            ("4.1 million accounts", "moved in nine cutovers"),
            ("3h10", "batch window, from 9h40"),
            ("09:40", "daily finish, previously 13:15"),
            ("six days", "ahead of the filing deadline"),
            ("46 releases a week", "from four a year"),
            ("3 hours", "commit to production, from next morning"),
            ("5 outcomes", "a year, from 3 teams"),
            ("0", "of nothing, from 0"),
            ("240%", "of budget"),
            ("5 of 0", ""),
            ("", ""),
            ("$", ", from "),
            ("99999999999999999999999 years", "from then, from 1 second"),
        ] {
            let found = kind(value, label);
            assert!(
                matches!(found, Kind::Figure) || value.len() > 20,
                "{value}, {label}: {found:?}"
            );
        }
    }
}

//! How much one caller may ask for: what can be set.
//!
//! A request is counted for its network address, for its session when it has one, and for its key when it
//! shows one, against the budgets of the site and against those of the domain that it is for. Whichever is
//! used up first refuses it.
//!
//! Not here: limits over several gateways. Each counts what it sees.

mod keyed;
mod limiters;

use std::{collections::BTreeMap, fmt, num::NonZeroU32, str::FromStr, time::Duration};

use crate::networks::Networks;

pub(crate) use keyed::{Keyed, Verdict};
pub(crate) use limiters::{Limiters, Spent, Who};

/// So many requests in so much time, and so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    count: NonZeroU32,
    unit: Unit,
    burst: NonZeroU32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
}

/// Text that is no rate.
#[derive(Debug, thiserror::Error)]
#[error("not a rate such as `600/min burst 100`")]
pub struct RateError;

/// What one caller may use; `None` is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// All that comes from one network address.
    pub address: Option<Rate>,
    /// One session.
    pub session: Option<Rate>,
    /// One API key or token.
    pub key: Option<Rate>,
}

/// All budgets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of the whole site.
    pub site: Budget,
    /// Of `/api/<domain>`, on top of the site's.
    pub domains: BTreeMap<String, Budget>,
    /// Networks that no limit by address holds for: our own machines.
    pub exempt: Networks,
}

impl Default for Limits {
    fn default() -> Self {
        const SOME: NonZeroU32 = NonZeroU32::new(1200).unwrap();
        const MANY: NonZeroU32 = NonZeroU32::new(6000).unwrap();
        let some = Some(Rate { count: SOME, unit: Unit::Minute, burst: SOME });
        let many = Some(Rate { count: MANY, unit: Unit::Minute, burst: SOME });
        let site = Budget { address: many, session: some, key: many };
        Self { site, domains: BTreeMap::new(), exempt: Networks::default() }
    }
}

impl Rate {
    /// Returns so many in a minute, all of which may come at once.
    pub(crate) const fn per_minute(count: NonZeroU32) -> Self {
        Self { count, unit: Unit::Minute, burst: count }
    }

    /// Returns how many requests there are in how many seconds.
    pub(crate) fn quota(self) -> (u32, u64) {
        (self.count.get(), self.unit.time().as_secs())
    }

    /// Returns the time after which one more request may come.
    fn period(self) -> Duration {
        self.unit.time() / self.count.get()
    }
}

impl Unit {
    fn time(self) -> Duration {
        Duration::from_secs(match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 60 * 60,
        })
    }
}

impl FromStr for Rate {
    type Err = RateError;

    /// `600/min`, or `600/min burst 100` where fewer or more may come at once.
    fn from_str(text: &str) -> Result<Self, RateError> {
        let mut words = text.split_whitespace();
        let (count, unit) = words.next().and_then(|rate| rate.split_once('/')).ok_or(RateError)?;
        let count = count.parse().map_err(|_| RateError)?;
        let unit = match unit {
            "s" => Unit::Second,
            "min" => Unit::Minute,
            "h" => Unit::Hour,
            _ => return Err(RateError),
        };
        let burst = match (words.next(), words.next(), words.next()) {
            (None, ..) => count,
            (Some("burst"), Some(burst), None) => burst.parse().map_err(|_| RateError)?,
            _ => return Err(RateError),
        };
        Ok(Self { count, unit, burst })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Second => "s",
            Unit::Minute => "min",
            Unit::Hour => "h",
        };
        write!(f, "{}/{unit} burst {}", self.count, self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn a_rate_reads_as_it_is_written() {
        for (text, shown, period_ms) in [
            ("600/min burst 100", "600/min burst 100", 100),
            ("2/s", "2/s burst 2", 500),
            ("60/h  burst  5", "60/h burst 5", 60_000),
        ] {
            let rate: Rate = text.parse().unwrap();
            assert_eq!((rate.to_string().as_str(), rate.period().as_millis()), (shown, period_ms));
        }
        for bad in [
            "",
            "off",
            "600",
            "0/s",
            "-1/s",
            "1/day",
            "1/s burst",
            "1/s burst 0",
            "1/s 5",
            "1/s burst 2 x",
        ] {
            assert!(bad.parse::<Rate>().is_err(), "{bad}");
        }
    }
}

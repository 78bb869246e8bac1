//! Which requests may be tried again, and when. Pure; how often is for the `budget` to say.

use std::time::Duration;

use http::{Method, StatusCode};

/// What is tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How often a request is tried, the first time included; 1 is never again. Default 3.
    pub attempts: u32,
    /// Which share of a domain's requests may be tried again, in percent. Default 20.
    pub percent: u8,
    /// And how many a second in any case. Default 10.
    pub min_per_second: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { attempts: 3, percent: 20, min_per_second: 10 }
    }
}

/// Tells whether a request may reach a service twice (one that reached none may go to another in any case): the method promises that it changes nothing more, and
/// there is no body, which could be sent only once.
pub(crate) fn repeatable(method: &Method, has_body: bool) -> bool {
    method.is_idempotent() && !has_body
}

/// Tells whether an answer says that another instance might do better.
pub(crate) fn gateway_failure(status: StatusCode) -> bool {
    matches!(status.as_u16(), 502..=504)
}

/// Returns how long to wait before the same instance is asked again: 25 to 50 ms, doubled at each attempt,
/// at random so that callers who failed together do not come back together.
pub(crate) fn pause(attempt: u32, random: u64) -> Duration {
    let longest = 50_000_u64 << attempt.saturating_sub(1).min(6);
    Duration::from_micros(longest / 2 + random % (longest / 2))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use proptest::prelude::*;

    use super::{gateway_failure, pause, repeatable};

    #[test]
    fn only_what_promises_to_be_repeatable_and_has_no_body() {
        for (method, has_body, expected) in [
            (Method::GET, false, true),
            (Method::HEAD, false, true),
            (Method::DELETE, false, true),
            (Method::GET, true, false),
            (Method::PUT, true, false),
            (Method::POST, false, false),
            (Method::PATCH, false, false),
        ] {
            assert_eq!(repeatable(&method, has_body), expected, "{method} {has_body}");
        }
        let statuses = [200, 404, 429, 500, 501, 502, 503, 504, 505];
        let again = statuses.map(|status| gateway_failure(status.try_into().unwrap()));
        assert_eq!(again, [false, false, false, false, false, true, true, true, false]);
    }

    proptest! {
        #[test]
        fn pauses_grow_within_bounds(attempt in 1..5u32, random: u64) {
            let millis = pause(attempt, random).as_secs_f64() * 1000.0;
            let longest = f64::from(50 << (attempt - 1));
            prop_assert!((longest / 2.0..longest).contains(&millis), "{}", millis);
        }
    }
}

//! How callers are told to come again later.

use std::time::Duration;

/// Returns the seconds for `Retry-After`: rounded up, so that who comes then is not too early, and at least 1.
pub(crate) fn seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::seconds;

    #[test]
    fn nobody_is_told_to_come_too_early() {
        for (millis, expected) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (2000, 2)] {
            assert_eq!(seconds(Duration::from_millis(millis)), expected, "{millis} ms");
        }
    }
}

//! How long each phase may take, and how long to wait between two attempts. Milliseconds.

use super::status::Phase;

/// How often the active release is tried before the previous one.
pub(super) const ATTEMPTS: u32 = 2;

const FIRST_WAIT: u32 = 300;

/// No remote can ask for more than this.
const LONGEST: u32 = 30_000;

/// Returns the deadline of a phase. `asked` is the remote's own wish, from its `timeouts`.
pub(super) fn deadline(phase: Phase, asked: Option<u32>) -> u32 {
    let usual = match phase {
        Phase::Load => 10_000,
        Phase::Bootstrap | Phase::Mount | Phase::Run => 5_000,
        Phase::Unmount => 2_000,
    };
    asked.map_or(usual, |asked| asked.clamp(1, LONGEST))
}

/// Returns the wait before attempt `attempt` (2 is the first that waits): it doubles each time, plus
/// up to a half by `jitter` (0–1000), so that a crowd does not come back all at once.
pub(super) fn backoff(attempt: u32, jitter: u32) -> u32 {
    let wait = FIRST_WAIT << attempt.saturating_sub(2).min(4);
    wait + wait * jitter.min(1000) / 2000
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, backoff, deadline};
    use crate::slot::status::Phase;

    #[test]
    fn waits_double_and_jitter_adds_up_to_a_half() {
        assert_eq!([2, 3, 4].map(|attempt| backoff(attempt, 0)), [300, 600, 1200]);
        assert_eq!([0, 500, 1000, 9000].map(|jitter| backoff(2, jitter)), [300, 375, 450, 450]);
    }

    #[test]
    fn a_remotes_wish_is_kept_within_bounds() {
        assert_eq!(deadline(Phase::Mount, None), 5_000);
        assert_eq!(deadline(Phase::Mount, Some(400)), 400);
        assert_eq!(deadline(Phase::Mount, Some(u32::MAX)), LONGEST);
    }
}

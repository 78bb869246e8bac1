//! Who gets the version on trial. Pure, so that gateway and shell always agree.

use crate::{Release, RemoteState};

/// Sessions are spread over so many buckets.
pub const BUCKETS: u16 = 10_000;

/// Returns where a session stands in the trials of one remote, `0..BUCKETS`.
///
/// The session's own bucket is mixed with the remote's name (FNV-1a, 32 bits, and the finaliser of
/// MurmurHash3): with the bucket alone, the same people would be on every remote's trial at once. It does
/// not depend on the version, so raising a trial's percentage only ever adds sessions.
#[must_use]
pub fn cohort(bucket: u16, remote: &str) -> u16 {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in remote.bytes().chain(bucket.to_le_bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^= hash >> 16;
    // The remainder is below BUCKETS and so fits.
    (hash % u32::from(BUCKETS)) as u16
}

impl RemoteState {
    /// Returns the release that a session of this bucket gets: the one on trial or the active one.
    #[must_use]
    pub fn for_bucket(&self, remote: &str, bucket: u16) -> &Release {
        match &self.canary {
            Some(canary)
                if cohort(bucket, remote) < u16::from(canary.percent) * (BUCKETS / 100) =>
            {
                &canary.release
            }
            _ => &self.active,
        }
    }

    /// Tells whether a version was taken back and must leave open tabs at once.
    #[must_use]
    pub fn is_withdrawn(&self, version: &str) -> bool {
        self.withdrawn.iter().any(|gone| gone == version)
    }
}

#[cfg(test)]
mod tests {
    use super::{BUCKETS, cohort};

    fn share(percent: u16, takes: impl Fn(u16) -> bool) -> bool {
        let taken = (0..BUCKETS).filter(|bucket| takes(*bucket)).count();
        let expected = usize::from(percent) * 100;
        // Six standard deviations of 10,000 fair draws at one half are 300.
        taken.abs_diff(expected) < 300
    }

    #[test]
    fn a_trial_reaches_its_share_of_the_buckets() {
        for percent in [1, 10, 50, 99] {
            for remote in ["search", "ask", "a"] {
                assert!(
                    share(percent, |b| cohort(b, remote) < percent * 100),
                    "{remote} {percent}"
                );
            }
        }
    }

    #[test]
    fn the_trials_of_two_remotes_are_independent() {
        // Of those on a 10 % trial of one, 10 % are on that of the other: 1 % of all.
        let both = |bucket| cohort(bucket, "search") < 1000 && cohort(bucket, "ask") < 1000;
        let count = (0..BUCKETS).filter(|bucket| both(*bucket)).count();
        assert!((40..160).contains(&count), "{count} of {BUCKETS}");
    }

    #[test]
    fn a_session_stays_where_it_is_from_release_to_release() {
        // The value itself is part of the contract: gateways and shells of two releases must agree.
        assert_eq!([0, 1, 9_999].map(|bucket| cohort(bucket, "search")), COHORTS);
    }

    const COHORTS: [u16; 3] = [6576, 2711, 57];
}

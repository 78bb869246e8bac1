//! Which pool of a domain gets a request. Pure.
//!
//! A session stays with its pool, and when a pool's share grows, sessions only join it: each has a place on
//! a line that the pools divide between them.

use std::collections::BTreeMap;

use contract::BUCKETS;

/// Parts of the traffic, one for each pool. Only their ratio counts.
pub(crate) type Weights = Box<[u32]>;

/// Returns the weights of `pools`, given what was decided for some of them, in percent.
///
/// What is left over is for the primary pool, or where that has a share of its own, for those that have none.
pub(crate) fn divided(pools: &[&str], primary: &str, decided: &BTreeMap<String, u8>) -> Weights {
    let share = |pool: &&str| decided.get(*pool).map(|share| u32::from(*share));
    let named: u32 = pools.iter().filter_map(share).sum();
    let rest = 100_u32.saturating_sub(named);
    let inherits =
        |pool: &&str| share(pool).is_none() && (*pool == primary || decided.contains_key(primary));
    let heirs = pools.iter().filter(|pool| inherits(pool)).count().max(1) as u32;
    let weight = |pool: &&str| match share(pool) {
        Some(share) => share * heirs,
        None if inherits(pool) => rest,
        None => 0,
    };
    pools.iter().map(weight).collect()
}

/// Returns the pool for a place on the line, `0..BUCKETS`, among those that `may`.
pub(crate) fn choose(weights: &[u32], place: u16, may: impl Fn(usize) -> bool) -> Option<usize> {
    let able = || weights.iter().enumerate().filter(|(index, _)| may(*index));
    let total: u64 = able().map(|(_, weight)| u64::from(*weight)).sum();
    let point = u64::from(place.min(BUCKETS - 1)) * total / u64::from(BUCKETS);
    let mut end = 0;
    able().find_map(|(index, weight)| {
        end += u64::from(*weight);
        (point < end).then_some(index)
    })
}

/// Returns each weight in percent of all.
pub(crate) fn percents(weights: &[u32]) -> impl Iterator<Item = u8> {
    let total: u64 = weights.iter().copied().map(u64::from).sum();
    // At most 100.
    weights.iter().map(move |weight| {
        (u64::from(*weight) * 100 + total / 2).checked_div(total).unwrap_or(0) as u8
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use contract::BUCKETS;
    use proptest::prelude::*;

    use super::{choose, divided, percents};

    fn of(decided: &[(&str, u8)]) -> Vec<u8> {
        let decided: BTreeMap<_, _> =
            decided.iter().map(|(name, share)| ((*name).to_owned(), *share)).collect();
        percents(&divided(&["blue", "green", "red"], "blue", &decided)).collect()
    }

    #[test]
    fn what_is_left_over_is_for_the_primary_pool() {
        assert_eq!(of(&[]), [100, 0, 0]);
        assert_eq!(of(&[("green", 10)]), [90, 10, 0]);
        assert_eq!(of(&[("green", 100)]), [0, 100, 0]);
        assert_eq!(of(&[("green", 0)]), [100, 0, 0]);
        assert_eq!(of(&[("blue", 10)]), [10, 45, 45]);
        assert_eq!(of(&[("blue", 0), ("green", 50)]), [0, 50, 50]);
        assert_eq!(of(&[("blue", 20), ("green", 20), ("red", 10)]), [40, 40, 20], "only the ratio");
        assert_eq!(of(&[("black", 90)]), [100, 0, 0], "a pool that is not here");
        assert_eq!(of(&[("blue", 0), ("green", 0), ("red", 0)]), [0, 0, 0]);
    }

    #[test]
    fn those_that_may_not_leave_their_part_to_the_others() {
        let of = |place, may: &[bool]| choose(&[90, 10, 0], place, |index| may[index]);
        assert_eq!((of(0, &[true; 3]), of(9_999, &[true; 3])), (Some(0), Some(1)));
        assert_eq!(of(0, &[false, true, true]), Some(1));
        assert_eq!(of(9_999, &[true, false, true]), Some(0));
        assert_eq!(of(0, &[false, false, true]), None, "without a weight it gets nothing");
        assert_eq!(choose(&[0, 0], 0, |_| true), None);
    }

    proptest! {
        #[test]
        fn each_gets_its_share_and_a_growing_one_only_takes(small in 0..=100u8, big in 0..=100u8) {
            let (small, big) = (small.min(big), small.max(big));
            let weights = [small, big].map(|share| {
                divided(&["blue", "green"], "blue", &BTreeMap::from([("green".to_owned(), share)]))
            });
            let mut taken = [0_u32; 2];
            for place in (0..BUCKETS).step_by(10) {
                let [before, after] = weights.each_ref().map(|w| choose(w, place, |_| true).unwrap());
                prop_assert!(before <= after, "one that green had stays there");
                taken[0] += before as u32 * 10;
                taken[1] += after as u32 * 10;
            }
            prop_assert_eq!(taken, [small, big].map(|share| u32::from(share) * u32::from(BUCKETS) / 100));
        }
    }
}

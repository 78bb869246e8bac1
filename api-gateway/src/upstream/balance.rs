//! Which instance of a pool answers next. Pure.
//!
//! Of two that are picked at random the one with fewer requests under way is taken ("power of two
//! choices", as in Envoy, linkerd2-proxy and nginx's `random two`): nearly as even as asking the least
//! loaded of all, and a slow instance gets less, because requests stay with it for longer. So there is no
//! measure of latency here: routes differ far more in it than instances do.

use std::time::Instant;

use super::{
    health::{self, Condition, Health},
    outlier::{self, Outlier},
};

/// What is known of a pool's instances.
#[derive(Debug)]
pub(crate) struct Balance {
    members: Box<[Member]>,
    max_pending: usize,
    health: health::Policy,
    outliers: outlier::Policy,
}

#[derive(Clone, Debug)]
struct Member {
    health: Health,
    outlier: Outlier,
    /// Requests that wait for the head of their answer.
    pending: usize,
    /// Requests whose answer has not ended.
    open: usize,
}

/// Why there is nobody to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nobody {
    /// No instance answers its health checks.
    NoneHealthy,
    /// Each has as many requests as it may have.
    Overloaded,
}

/// How one instance is, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) condition: Condition,
    pub(crate) ejected: bool,
    pub(crate) open: usize,
}

impl Balance {
    pub(crate) fn new(
        instances: usize,
        max_pending: usize,
        health: health::Policy,
        outliers: outlier::Policy,
    ) -> Self {
        let (new, outlier) = (Health::new(), Outlier::default());
        let member = Member { health: new, outlier, pending: 0, open: 0 };
        Self { members: vec![member; instances].into(), max_pending, health, outliers }
    }

    /// Chooses an instance, another than `avoid` if there is one as good.
    pub(crate) fn pick(
        &self,
        now: Instant,
        random: u64,
        avoid: Option<usize>,
    ) -> Result<usize, Nobody> {
        let best = self.members.iter().map(|member| member.rank(now)).min();
        let Some(best) = best.filter(|best| *best != Rank::Down) else {
            return Err(Nobody::NoneHealthy);
        };
        let ranked = self.members.iter().enumerate();
        let able = ranked.filter(|(_, m)| m.rank(now) == best && m.pending < self.max_pending);
        let able = able.map(|(index, _)| index);
        let others = able.clone().filter(|index| Some(*index) != avoid);
        let (one, other) = match others.clone().count() {
            0 => return able.clone().next().ok_or(Nobody::Overloaded),
            count => two_of(count, random),
        };
        let nth = |n| others.clone().nth(n);
        let chosen = nth(one).zip(nth(other));
        let chosen = chosen.map(|(a, b)| if self.open(b) < self.open(a) { b } else { a });
        chosen.ok_or(Nobody::Overloaded)
    }

    fn open(&self, index: usize) -> usize {
        self.members.get(index).map_or(0, |member| member.open)
    }

    fn member(&mut self, index: usize, change: impl FnOnce(&mut Member)) {
        if let Some(member) = self.members.get_mut(index) {
            change(member);
        }
    }

    /// Takes in that a request goes to the instance.
    pub(crate) fn began(&mut self, index: usize) {
        self.member(index, |member| {
            member.pending += 1;
            member.open += 1;
        });
    }

    /// Takes in that a request no longer waits for the head of its answer.
    pub(crate) fn waits_no_longer(&mut self, index: usize) {
        self.member(index, |member| member.pending = member.pending.saturating_sub(1));
    }

    /// Takes in that the answer has a head: the instance lives.
    pub(crate) fn answered(&mut self, index: usize) {
        self.member(index, |member| member.health.answered());
    }

    /// Takes in that a request is over.
    pub(crate) fn ended(&mut self, index: usize) {
        self.member(index, |member| member.open = member.open.saturating_sub(1));
    }

    /// Takes in that a request went well.
    pub(crate) fn succeeded(&mut self, index: usize) {
        self.member(index, |member| member.outlier.succeeded());
    }

    /// Takes in that a request failed; returns whether the instance was ejected for it.
    pub(crate) fn failed(&mut self, index: usize, now: Instant) -> bool {
        let ejected = self.members.iter().filter(|member| member.outlier.is_ejected(now)).count();
        let may_go = ejected < self.outliers.most(self.members.len());
        let Some(Member { outlier, .. }) = self.members.get_mut(index) else { return false };
        let out = outlier.failed(&self.outliers) && may_go && !outlier.is_ejected(now);
        if out {
            outlier.eject(now, &self.outliers);
        }
        out
    }

    /// Takes in what a health check found; returns the condition when that changed it.
    pub(crate) fn checked(&mut self, index: usize, found: Condition) -> Option<Condition> {
        let health = &mut self.members.get_mut(index)?.health;
        let before = health.condition();
        health.checked(found, &self.health);
        Some(health.condition()).filter(|after| *after != before)
    }

    /// Returns how each instance is.
    pub(crate) fn standings(&self, now: Instant) -> impl Iterator<Item = Standing> {
        self.members.iter().map(move |member| Standing {
            condition: member.health.condition(),
            ejected: member.outlier.is_ejected(now),
            open: member.open,
        })
    }
}

/// Better first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Well,
    /// Better than nobody: it answers, whatever.
    Doubtful,
    Down,
}

impl Member {
    fn rank(&self, now: Instant) -> Rank {
        match self.health.condition() {
            Condition::Down => Rank::Down,
            Condition::Ready if !self.outlier.is_ejected(now) => Rank::Well,
            Condition::Ready | Condition::Unready => Rank::Doubtful,
        }
    }
}

/// Returns two different numbers below `count`, or 0 twice when that is 1.
fn two_of(count: usize, random: u64) -> (usize, usize) {
    let below = |random: u64, count: usize| (random % count.max(1) as u64) as usize;
    let one = below(random >> 32, count);
    let step = 1 + below(random & 0xffff_ffff, count - 1);
    (one, (one + step) % count)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::{super::health::Condition, Balance, Nobody, two_of};

    fn of(instances: usize) -> Balance {
        Balance::new(instances, 10, Default::default(), Default::default())
    }

    fn is(balance: &mut Balance, index: usize, condition: Condition) {
        for _ in 0..3 {
            balance.checked(index, condition);
        }
    }

    /// A different number each time, spread over all 64 bits.
    fn random(n: u64) -> u64 {
        (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn chosen(balance: &Balance, now: Instant) -> Vec<usize> {
        let mut seen: Vec<_> =
            (0..200).filter_map(|n| balance.pick(now, random(n), None).ok()).collect();
        seen.sort_unstable();
        seen.dedup();
        seen
    }

    #[test]
    fn every_instance_has_its_turn_and_the_busiest_has_none() {
        let (mut balance, now) = (of(3), Instant::now());
        assert_eq!(chosen(&balance, now), [0, 1, 2]);
        balance.began(1);
        assert_eq!(chosen(&balance, now), [0, 2], "fewer requests win every pairing");
        balance.ended(1);
        assert_eq!(chosen(&balance, now), [0, 1, 2]);
    }

    #[test]
    fn the_ready_come_before_the_unready_and_the_dead_never() {
        let (mut balance, now) = (of(3), Instant::now());
        is(&mut balance, 0, Condition::Down);
        is(&mut balance, 1, Condition::Unready);
        assert_eq!(chosen(&balance, now), [2]);
        is(&mut balance, 2, Condition::Down);
        assert_eq!(chosen(&balance, now), [1]);
        is(&mut balance, 1, Condition::Down);
        assert_eq!(balance.pick(now, 0, None), Err(Nobody::NoneHealthy));
    }

    #[test]
    fn who_fails_again_and_again_is_ejected_but_half_of_them_stay() {
        let (mut balance, now) = (of(2), Instant::now());
        let ejected: Vec<_> = (0..5).map(|_| balance.failed(0, now)).collect();
        assert_eq!(ejected, [false, false, false, false, true]);
        assert_eq!(chosen(&balance, now), [1]);
        assert!((0..20).all(|_| !balance.failed(1, now)));
        assert_eq!(chosen(&balance, now + Duration::from_secs(5)), [0, 1]);
        assert!((0..20).all(|_| !of(1).failed(0, now)));
    }

    #[test]
    fn too_many_are_refused_and_streams_that_began_do_not_count() {
        let (mut balance, now) = (of(1), Instant::now());
        for _ in 0..10 {
            assert_eq!(balance.pick(now, 0, None), Ok(0));
            balance.began(0);
        }
        assert_eq!(balance.pick(now, 0, None), Err(Nobody::Overloaded));
        balance.waits_no_longer(0);
        assert_eq!(balance.pick(now, 0, None), Ok(0));
    }

    #[test]
    fn another_try_goes_elsewhere_if_it_can() {
        let (mut balance, now) = (of(2), Instant::now());
        assert!((0..100).all(|n| balance.pick(now, random(n), Some(1)) == Ok(0)));
        is(&mut balance, 0, Condition::Down);
        assert_eq!(balance.pick(now, 0, Some(1)), Ok(1));
    }

    proptest! {
        #[test]
        fn two_different_ones(count in 2..50usize, random: u64) {
            let (a, b) = two_of(count, random);
            prop_assert!(a < count && b < count && a != b);
        }

        #[test]
        fn counts_come_back_to_nothing(instances in 1..6usize, randoms in prop::collection::vec(any::<u64>(), 1..200)) {
            let (mut balance, now) = (of(instances), Instant::now());
            let mut open = Vec::new();
            for random in randoms {
                match balance.pick(now, random, None) {
                    Ok(index) => {
                        balance.began(index);
                        open.push(index);
                    }
                    Err(nobody) => {
                        prop_assert_eq!(nobody, Nobody::Overloaded);
                        prop_assert_eq!(open.len(), 10 * instances);
                    }
                }
            }
            let most = balance.standings(now).map(|standing| standing.open).max();
            prop_assert!(most <= Some(10));
            for index in open {
                balance.waits_no_longer(index);
                balance.ended(index);
            }
            prop_assert!(balance.standings(now).all(|standing| standing.open == 0));
        }
    }
}

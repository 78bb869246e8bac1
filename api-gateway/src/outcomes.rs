//! How each version fares: sessions that saw it, and those for which it failed, in a sliding window.
//!
//! A session counts once for each version, as a failure if it saw any: a page that is reloaded a hundred
//! times is one witness. Only so many sessions of one network address count, where the addresses that one
//! household or machine has in IPv6, a /64, are one. Pure: `now` is given, in seconds.
//!
//! Not here: what follows from the counts (`verdict`, `auto_rollback`).

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
};

use contract::{Beacon, BeaconKind};
use registry::VersionOutcomes;

use crate::{networks::household, session::SessionId, verdict::Tally};

/// How far back sessions count, in seconds.
pub(crate) const WINDOW: u64 = 60 * 60;
/// Sessions of a version that are remembered. Beyond them new ones are not counted until old ones leave
/// the window: by then the verdict is long in.
const MOST_SESSIONS: usize = 20_000;
/// Versions that are counted at once. The manifest decides which, and those that nobody reports on any more
/// are dropped, so this is never reached.
const MOST_VERSIONS: usize = 1_000;

/// Who reports.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Witness {
    pub(crate) session: SessionId,
    /// Where from, as `layers` found out. Absent only in tests.
    pub(crate) address: Option<IpAddr>,
}

/// All counts.
#[derive(Debug)]
pub(crate) struct Outcomes {
    /// Sessions of one address that count for one version; 0 is no limit.
    per_address: usize,
    versions: HashMap<(String, String), Version>,
}

#[derive(Debug, Default)]
struct Version {
    sessions: HashMap<SessionId, bool>,
    order: VecDeque<(u64, SessionId, Option<IpAddr>)>,
    addresses: HashMap<IpAddr, usize>,
    failed: u64,
    /// Mounted, failed, panicked, by the minute.
    minutes: VecDeque<(u64, [u64; 3])>,
}

impl Outcomes {
    pub(crate) fn new(per_address: usize) -> Self {
        Self { per_address, versions: HashMap::new() }
    }

    /// Changes how many sessions of one address count. Those that were counted stay.
    pub(crate) fn limit(&mut self, per_address: usize) {
        self.per_address = per_address;
    }

    /// Counts a beacon and returns the evidence about its version; `None` when it does not count.
    pub(crate) fn note(&mut self, now: u64, witness: Witness, beacon: &Beacon) -> Option<Tally> {
        let key = (beacon.remote.clone(), beacon.version.clone());
        if !self.versions.contains_key(&key) {
            // The first report on a version is rare: the moment to forget those of long ago.
            self.versions.retain(|_, version| !version.is_empty_at(now));
            if self.versions.len() >= MOST_VERSIONS {
                return None;
            }
        }
        let version = self.versions.entry(key).or_default();
        version.expire(now);
        version.note(now, witness, beacon.kind, self.per_address).then(|| version.tally())
    }

    /// Returns the evidence about a version.
    pub(crate) fn tally(&mut self, now: u64, remote: &str, version: &str) -> Tally {
        let Some(found) = self.versions.get_mut(&(remote.to_owned(), version.to_owned())) else {
            return Tally::default();
        };
        found.expire(now);
        found.tally()
    }

    /// Returns all counts, by remote and version.
    pub(crate) fn list(&mut self, now: u64) -> Vec<VersionOutcomes> {
        let mut list: Vec<_> = self
            .versions
            .iter_mut()
            .map(|((remote, name), version)| {
                version.expire(now);
                let Tally { sessions, failed: failed_sessions } = version.tally();
                let sum =
                    |kind: usize| version.minutes.iter().map(|(_, counts)| counts[kind]).sum();
                VersionOutcomes {
                    remote: remote.clone(),
                    version: name.clone(),
                    sessions,
                    failed_sessions,
                    mounted: sum(0),
                    failed: sum(1),
                    panicked: sum(2),
                    window_seconds: WINDOW,
                }
            })
            .collect();
        list.sort_by(|a, b| (&a.remote, &a.version).cmp(&(&b.remote, &b.version)));
        list
    }

    /// Forgets the sessions that reported on a version before `released`: they speak of an earlier release
    /// of it, which was taken back, perhaps by another gateway or a person.
    pub(crate) fn begin(&mut self, remote: &str, version: &str, released: u64) {
        if let Some(found) = self.versions.get_mut(&(remote.to_owned(), version.to_owned())) {
            found.drop_before(released);
        }
    }

    /// Forgets a version that was taken back: released again, it begins anew.
    pub(crate) fn forget(&mut self, remote: &str, version: &str) {
        self.versions.remove(&(remote.to_owned(), version.to_owned()));
    }
}

impl Version {
    fn note(&mut self, now: u64, witness: Witness, kind: BeaconKind, per_address: usize) -> bool {
        let Witness { session, address } = witness;
        let address = address.map(household);
        let fails = kind != BeaconKind::Mounted;
        match self.sessions.get_mut(&session) {
            Some(failed) => {
                self.failed += u64::from(fails && !*failed);
                *failed |= fails;
            }
            None => {
                if self.sessions.len() >= MOST_SESSIONS || self.is_crowded(address, per_address) {
                    return false;
                }
                self.sessions.insert(session, fails);
                self.order.push_back((now, session, address));
                self.failed += u64::from(fails);
                if let Some(address) = address {
                    *self.addresses.entry(address).or_default() += 1;
                }
            }
        }
        let minute = now / 60;
        if self.minutes.back().is_none_or(|(last, _)| *last != minute) {
            self.minutes.push_back((minute, [0; 3]));
        }
        if let Some((_, counts)) = self.minutes.back_mut() {
            counts[match kind {
                BeaconKind::Mounted => 0,
                BeaconKind::Failed => 1,
                BeaconKind::Panicked => 2,
            }] += 1;
        }
        true
    }

    fn is_crowded(&self, address: Option<IpAddr>, per_address: usize) -> bool {
        let here = address.and_then(|address| self.addresses.get(&address)).copied().unwrap_or(0);
        per_address > 0 && here >= per_address
    }

    fn tally(&self) -> Tally {
        Tally { sessions: self.sessions.len() as u64, failed: self.failed }
    }

    fn is_empty_at(&mut self, now: u64) -> bool {
        self.expire(now);
        self.order.is_empty() && self.minutes.is_empty()
    }

    fn expire(&mut self, now: u64) {
        self.drop_before((now + 1).saturating_sub(WINDOW));
        while self.minutes.front().is_some_and(|(minute, _)| now / 60 >= minute + WINDOW / 60) {
            self.minutes.pop_front();
        }
    }

    fn drop_before(&mut self, oldest: u64) {
        while let Some((at, session, address)) = self.order.front().copied() {
            if at >= oldest {
                break;
            }
            self.order.pop_front();
            self.failed -= u64::from(self.sessions.remove(&session).unwrap_or(false));
            if let Some(address) = address
                && let Some(count) = self.addresses.get_mut(&address)
            {
                *count -= 1;
                if *count == 0 {
                    self.addresses.remove(&address);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::{Beacon, BeaconKind};

    use super::{Outcomes, WINDOW, Witness};
    use crate::{session::SessionId, verdict::Tally};

    fn beacon(kind: BeaconKind) -> Beacon {
        let (remote, version) = ("search".to_owned(), "1.0.0".to_owned());
        Beacon { remote, version, kind, phase: String::new(), message: String::new() }
    }

    fn witness(session: u8, address: u8) -> Witness {
        Witness { session: SessionId([session; 16]), address: Some([10, 0, 0, address].into()) }
    }

    #[test]
    fn a_session_counts_once_and_a_failure_outweighs_its_successes() {
        let mut outcomes = Outcomes::new(0);
        for _ in 0..100 {
            outcomes.note(0, witness(1, 1), &beacon(BeaconKind::Failed));
        }
        outcomes.note(0, witness(2, 1), &beacon(BeaconKind::Mounted));
        let tally = outcomes.note(5, witness(3, 1), &beacon(BeaconKind::Mounted));
        assert_eq!(tally, Some(Tally { sessions: 3, failed: 1 }));
        let tally = outcomes.note(6, witness(2, 1), &beacon(BeaconKind::Panicked));
        assert_eq!(tally, Some(Tally { sessions: 3, failed: 2 }));
        let all = outcomes.list(6);
        assert_eq!((all[0].mounted, all[0].failed, all[0].panicked), (2, 100, 1));
    }

    #[test]
    fn an_address_has_so_many_witnesses_and_no_more() {
        let mut outcomes = Outcomes::new(2);
        for session in 0..50 {
            outcomes.note(0, witness(session, 1), &beacon(BeaconKind::Failed));
        }
        assert_eq!(outcomes.tally(0, "search", "1.0.0"), Tally { sessions: 2, failed: 2 });
        outcomes.note(0, witness(60, 2), &beacon(BeaconKind::Mounted));
        assert_eq!(outcomes.tally(0, "search", "1.0.0").sessions, 3);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let mut outcomes = Outcomes::new(1);
        let addresses = ["2001:db8::1", "2001:db8::2:3:4:5", "2001:db8:0:1::1", "10.0.0.1"];
        for (n, address) in (0..).zip(addresses.into_iter().chain(["::ffff:10.0.0.1"])) {
            let witness =
                Witness { session: SessionId([n; 16]), address: Some(address.parse().unwrap()) };
            outcomes.note(0, witness, &beacon(BeaconKind::Mounted));
        }
        assert_eq!(outcomes.tally(0, "search", "1.0.0").sessions, 3);
    }

    #[test]
    fn a_release_is_judged_by_those_who_saw_it_and_not_an_earlier_one() {
        let mut outcomes = Outcomes::new(1);
        outcomes.note(10, witness(1, 1), &beacon(BeaconKind::Failed));
        outcomes.note(20, witness(2, 2), &beacon(BeaconKind::Mounted));
        outcomes.begin("search", "1.0.0", 20);
        assert_eq!(outcomes.tally(20, "search", "1.0.0"), Tally { sessions: 1, failed: 0 });
        // Who was forgotten counts again, and so does the address.
        let again = outcomes.note(21, witness(1, 1), &beacon(BeaconKind::Mounted));
        assert_eq!(again, Some(Tally { sessions: 2, failed: 0 }));
    }

    #[test]
    fn versions_come_and_go_for_ever() {
        let mut outcomes = Outcomes::new(0);
        for n in 0..3 * super::MOST_VERSIONS as u64 {
            let beacon = Beacon { version: format!("1.0.{n}"), ..beacon(BeaconKind::Mounted) };
            let counted = outcomes.note(n * 60, witness(1, 1), &beacon);
            assert_eq!(counted, Some(Tally { sessions: 1, failed: 0 }), "{n}");
        }
        assert!(outcomes.versions.len() <= 62, "{}", outcomes.versions.len());
    }

    #[test]
    fn what_is_old_leaves_the_window_and_makes_room() {
        let mut outcomes = Outcomes::new(1);
        outcomes.note(0, witness(1, 1), &beacon(BeaconKind::Failed));
        assert_eq!(outcomes.note(1, witness(2, 1), &beacon(BeaconKind::Mounted)), None);
        let later = outcomes.note(WINDOW, witness(2, 1), &beacon(BeaconKind::Mounted));
        assert_eq!(later, Some(Tally { sessions: 1, failed: 0 }));
        assert_eq!(outcomes.list(WINDOW)[0].failed, 0);
        outcomes.forget("search", "1.0.0");
        assert_eq!(outcomes.tally(WINDOW, "search", "1.0.0"), Tally::default());
    }
}

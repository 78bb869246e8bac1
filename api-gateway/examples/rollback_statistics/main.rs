//! Prints how often automatic rollback is wrong, and how soon it is right: the tables of
//! `docs/automatic-rollback.md`. The seed is fixed, so the numbers are the same on every machine.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

mod simulation;

use api_gateway::verdict::{Policy, Tally, judge};
use simulation::{BAD, HEALTHY, Kind, RELEASES};

fn main() {
    println!("Healthy releases, {RELEASES} of each kind: how many are taken back by mistake");
    for (seed, kind) in (1..).zip(HEALTHY) {
        let Kind { before, seen, now } = kind;
        let (before, now) = (before * 100.0, now * 100.0);
        let alarms = kind.alarms(seed);
        println!("  {before:.1} % failed before ({seen:4} sessions), {now:.1} % now: {alarms:3}");
    }
    println!("Bad releases, {RELEASES} of each kind: sessions until they are taken back");
    for (seed, kind) in (1..).zip(BAD) {
        let delays = kind.delays(seed);
        let at = |share: f64| delays.get((RELEASES as f64 * share) as usize).copied().unwrap_or(0);
        let late = delays.iter().filter(|sessions| **sessions > 100).count();
        println!(
            "  {:3.0} % fail: {} at the median, {} at 99 %, {} at 99.9 %; {late} after more than 100",
            kind.now * 100.0,
            at(0.5),
            at(0.99),
            at(0.999),
        );
    }
}

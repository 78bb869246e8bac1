//! A service and the journal, both killed with SIGKILL again and again while events are told.
//!
//! `ASTERISM_SEED=<n>` repeats the order and the moments of the kills as well as a machine can.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]
#![expect(
    clippy::disallowed_methods,
    reason = "when somebody is killed is not to follow from anything"
)]

mod process;
mod producer;

use std::{
    collections::BTreeSet,
    path::Path,
    thread::sleep,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use journal::{Journal, Lag, Selection};
use process::{Consumer, Producer};
use rusqlite::Connection;

/// How long kills go on.
const ROUND: Duration = Duration::from_secs(14);
/// As many at least, or the test has not tried what it should.
const KILLS: usize = 24;
/// For what is left to be read, once nobody is killed any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// Numbers that look random.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

fn seed() -> u64 {
    let given = std::env::var("ASTERISM_SEED").ok().map(|seed| seed.parse().unwrap());
    given.unwrap_or_else(|| {
        u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap()
    })
}

/// Returns the numbers that the service has stored.
fn stored(file: &Path) -> BTreeSet<i64> {
    let connection = Connection::open(file).unwrap();
    let mut statement = connection.prepare("SELECT n FROM number").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn lag(folder: &Path) -> Option<Lag> {
    Journal::open_existing(folder).unwrap().lag().unwrap().pop()
}

#[test]
fn nothing_is_lost_and_nothing_counts_twice_whoever_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("numbers.db"), folder.path().join("journal"));
    let seed = seed();
    println!("ASTERISM_SEED={seed}");
    let mut random = Random(seed);
    let mut producer = Producer::new(&file, process::free_port());
    let mut consumer = Consumer::new(&data, producer.port());
    producer.start(random.below(u64::MAX));
    consumer.start();
    let begun = Instant::now();
    let mut killed = [0, 0];
    while begun.elapsed() < ROUND {
        sleep(Duration::from_millis(40 + random.below(400)));
        let whom = random.below(3);
        if whom != 0 {
            killed[0] += 1;
            producer.kill();
        }
        if whom != 1 {
            killed[1] += 1;
            consumer.kill();
        }
        // Sometimes the other is alone for a while.
        sleep(Duration::from_millis(random.below(60)));
        if whom != 0 {
            producer.start(random.below(u64::MAX));
        }
        if whom != 1 {
            consumer.start();
        }
    }
    producer.kill();
    let acknowledged = producer.acknowledged();
    let stored = stored(&file);
    producer.start_idle();
    let deadline = Instant::now() + PATIENCE;
    let last = i64::try_from(stored.len()).unwrap();
    while lag(&data).is_none_or(|lag| lag.read < last) {
        assert!(Instant::now() < deadline, "read to {:?} of {last}", lag(&data));
        sleep(Duration::from_millis(100));
    }
    consumer.kill();

    let lag = lag(&data).unwrap();
    println!(
        "{} numbers stored, {} acknowledged; the service was killed {} times, the journal {} times; {lag:?}",
        stored.len(),
        acknowledged.len(),
        killed[0],
        killed[1],
    );
    let journal = Journal::open_existing(&data).unwrap();
    let entries = journal.list(&Selection { limit: u32::MAX, ..Selection::default() }).unwrap();
    let told: Vec<i64> = entries.iter().map(|entry| entry.value["n"].as_i64().unwrap()).collect();
    let once: BTreeSet<i64> = told.iter().copied().collect();
    assert!(acknowledged.is_subset(&stored), "what was acknowledged is gone");
    assert_eq!(told.len(), once.len(), "some number stands there twice");
    let (lost, invented) = (stored.difference(&once), once.difference(&stored));
    assert_eq!((lost.count(), invented.count()), (0, 0), "lost and invented");
    // It was told some again, which it knew.
    assert!(lag.duplicates > 0, "nothing was told twice");
    assert_eq!((lag.set_aside, lag.missed), (0, 0));
    assert_eq!(lag.taken, u64::try_from(told.len()).unwrap());
    assert!(killed[0] + killed[1] >= KILLS, "only {killed:?} kills");
}

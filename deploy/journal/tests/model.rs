//! The consumer against a source that tells again, out of order, in pieces, nothing for a while, or begins anew,
//! and a sink that fails before or after it has taken something.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use journal::{
    Applied, Batch, Delivered, Journal, Reading, Selection, Sink, Source, SourceError, follow,
};
use proptest::prelude::*;
use serde_json::json;
use service_kit::{
    BoxError,
    outbox::{Cursor, Event},
};
use tokio::sync::Notify;

/// What one reading does.
#[derive(Clone, Copy, Debug)]
enum Told {
    /// So many events, from so many before the cursor on, backwards or not.
    Batch { count: usize, again: usize, backwards: bool },
    /// The source does not answer.
    Fails,
    /// More things happen before it answers.
    Grows(usize),
    /// It loses everything and begins anew.
    Anew(usize),
}

/// What one taking does.
#[derive(Clone, Copy, Debug)]
enum Taken {
    Well,
    /// Nothing is taken.
    Before,
    /// All is taken, and nobody hears of it.
    After,
}

struct Model {
    script: Vec<Told>,
    step: AtomicUsize,
    /// The outboxes that there were; the last is the one that is there.
    logs: Mutex<Vec<Vec<Delivered>>>,
    done: Notify,
}

/// Every fifth is no event.
fn make(log: usize, id: usize) -> Delivered {
    if id.is_multiple_of(5) {
        return Delivered::Unreadable(format!("{log}-{id}"));
    }
    let id = i64::try_from(id).unwrap();
    Delivered::Event(Event { id, kind: "n".to_owned(), at: id, value: json!([log, id]) })
}

impl Model {
    fn grow(&self, count: usize) {
        let mut logs = self.logs.lock().unwrap();
        let number = logs.len();
        let log = logs.last_mut().unwrap();
        for _ in 0..count {
            log.push(make(number, log.len() + 1));
        }
    }

    fn batch(&self, after: Option<&Cursor>, told: Told) -> Reading {
        let logs = self.logs.lock().unwrap();
        let (name, log) = (logs.len().to_string(), logs.last().unwrap());
        if after.is_some_and(|after| after.log != name) {
            return Reading::Anew;
        }
        let Told::Batch { count, again, backwards } = told else { unreachable!() };
        let after = after.map_or(0, |after| usize::try_from(after.id).unwrap());
        let from = after.saturating_sub(again);
        let to = log.len().min(from + count);
        let mut events = log[from..to].to_vec();
        if backwards {
            events.reverse();
        }
        let number = |n: usize| i64::try_from(n).unwrap();
        let cursor = Cursor { log: name, id: number(to) };
        Reading::Events(Batch { cursor, events, head: number(log.len()) })
    }
}

impl Source for &Model {
    fn name(&self) -> &str {
        "model"
    }

    async fn read(&self, after: Option<&Cursor>) -> Result<Reading, SourceError> {
        let step = self.step.fetch_add(1, Ordering::Relaxed);
        match self.script.get(step).copied() {
            Some(Told::Fails) => {
                let what = "not now".to_owned();
                return Err(SourceError::Nonsense { url: "model".to_owned(), what });
            }
            Some(Told::Grows(count)) => self.grow(count),
            Some(Told::Anew(count)) => {
                self.logs.lock().unwrap().push(Vec::new());
                self.grow(count);
            }
            Some(told) => return Ok(self.batch(after, told)),
            None => {}
        }
        let reading = self.batch(after, Told::Batch { count: 7, again: 0, backwards: false });
        if step >= self.script.len()
            && let Reading::Events(batch) = &reading
            && after.is_some_and(|after| after.id == batch.head)
        {
            self.done.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(reading)
    }
}

struct Flaky {
    journal: Journal,
    script: Vec<Taken>,
    step: AtomicUsize,
    /// What the journal said of what it has taken, heard or not.
    counted: Mutex<Applied>,
}

impl Sink for &Flaky {
    fn cursor(&self, source: &str) -> Result<Option<Cursor>, BoxError> {
        self.journal.cursor(source)
    }

    fn apply(&self, source: &str, batch: &Batch, now: i64) -> Result<Applied, BoxError> {
        let step = self.step.fetch_add(1, Ordering::Relaxed);
        let taken = self.script.get(step).copied().unwrap_or(Taken::Well);
        if matches!(taken, Taken::Before) {
            return Err("before".into());
        }
        let applied = self.journal.apply(source, batch, now)?;
        let mut counted = self.counted.lock().unwrap();
        counted.taken += applied.taken;
        counted.duplicates += applied.duplicates;
        counted.set_aside += applied.set_aside;
        match taken {
            Taken::After => Err("after".into()),
            _ => Ok(applied),
        }
    }

    fn begin_again(&self, source: &str) -> Result<(), BoxError> {
        self.journal.begin_again(source)
    }
}

fn told() -> impl Strategy<Value = Told> {
    prop_oneof![
        4 => (0..9_usize, 0..9_usize, any::<bool>())
            .prop_map(|(count, again, backwards)| Told::Batch { count, again, backwards }),
        2 => Just(Told::Fails),
        2 => (0..12_usize).prop_map(Told::Grows),
        1 => (1..6_usize).prop_map(Told::Anew),
    ]
}

fn taken() -> impl Strategy<Value = Taken> {
    prop_oneof![3 => Just(Taken::Well), 1 => Just(Taken::Before), 1 => Just(Taken::After)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn each_event_is_taken_once_whatever_fails(
        script in proptest::collection::vec(told(), 0..40),
        fates in proptest::collection::vec(taken(), 0..30),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        let model = Model {
            script, step: AtomicUsize::new(0), logs: Mutex::new(vec![vec![make(1, 1)]]), done: Notify::new(),
        };
        let counted = Mutex::default();
        let sink = Flaky { journal, script: fates, step: AtomicUsize::new(0), counted };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            tokio::select! {
                () = follow(&model, &sink) => {}
                () = model.done.notified() => {}
            }
        });

        let logs = model.logs.lock().unwrap();
        let list = sink.journal.list(&Selection { limit: 10_000, ..Selection::default() }).unwrap();
        let there: BTreeSet<(String, i64)> =
            list.iter().map(|entry| (entry.log.clone(), entry.id)).collect();
        // Each once, as it was told.
        prop_assert_eq!(there.len(), list.len());
        for entry in &list {
            prop_assert_eq!(&entry.value, &json!([entry.log.parse::<usize>().unwrap(), entry.id]));
        }
        // All of the outbox that is there; of those that were lost, what was read before.
        let last = logs.last().unwrap();
        for (n, delivered) in last.iter().enumerate() {
            let place = (logs.len().to_string(), i64::try_from(n + 1).unwrap());
            prop_assert_eq!(there.contains(&place), matches!(delivered, Delivered::Event(_)));
        }
        let aside: BTreeSet<String> =
            sink.journal.set_aside().unwrap().into_iter().map(|aside| aside.text).collect();
        let unreadable = last.iter().filter_map(|delivered| match delivered {
            Delivered::Unreadable(text) => Some(text),
            Delivered::Event(_) => None,
        });
        prop_assert!(unreadable.into_iter().all(|text| aside.contains(text)));
        // What was counted is what is there.
        let [lag] = sink.journal.lag().unwrap().try_into().unwrap();
        let counted = sink.counted.lock().unwrap();
        prop_assert_eq!(lag.taken, u64::try_from(list.len()).unwrap());
        prop_assert_eq!(lag.set_aside, u64::try_from(aside.len()).unwrap());
        prop_assert_eq!(
            (lag.taken, lag.duplicates, lag.set_aside, lag.missed),
            (counted.taken, counted.duplicates, counted.set_aside, 0)
        );
        prop_assert_eq!((lag.read, lag.head), {
            let head = i64::try_from(last.len()).unwrap();
            (head, head)
        });
    }
}

//! One request to an upstream for all callers who want the same.
//!
//! It is a task, and everybody who waits for it holds it: whoever goes away leaves it to the others, and when
//! nobody is left it ends, and with it the request to the upstream. Who lets it go on without a caller holds it
//! for that long.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
    time::Duration,
};

use service_kit::telemetry::continued;
use tokio::{sync::watch, task::AbortHandle, time::Instant};

use super::key::Key;

/// Those under way, and when each began. Clones share them.
#[derive(Debug)]
pub(super) struct Flights<T>(Arc<Mutex<Table<T>>>);

type Table<T> = HashMap<Key, (Instant, Weak<Flight<T>>)>;

impl<T> Clone for Flights<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// One of them. It ends when it is dropped.
#[derive(Debug)]
pub(super) struct Flight<T> {
    key: Key,
    flights: Flights<T>,
    landed: watch::Receiver<Option<T>>,
    task: OnceLock<AbortHandle>,
}

/// How somebody came to a flight.
#[derive(Debug)]
pub(super) enum Boarded<T> {
    /// It began with them.
    Leads(Arc<Flight<T>>),
    Joined(Arc<Flight<T>>),
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    fn table(&self) -> MutexGuard<'_, Table<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the flight of `key`, which begins with `work` when there is none that began less than `oldest`
    /// ago. An older one goes on for those who wait for it.
    pub(super) fn board<W>(
        &self,
        key: &Key,
        now: Instant,
        oldest: Duration,
        work: impl FnOnce() -> W,
    ) -> Boarded<T>
    where
        W: Future<Output = T> + Send + 'static,
    {
        let mut table = self.table();
        let young =
            table.get(key).filter(|(begun, _)| now.saturating_duration_since(*begun) < oldest);
        if let Some(flight) = young.and_then(|(_, flight)| flight.upgrade()) {
            return Boarded::Joined(flight);
        }
        let (land, landed) = watch::channel(None);
        let (key, flights) = (key.clone(), self.clone());
        let flight = Arc::new(Flight { key, flights, landed, task: OnceLock::new() });
        table.insert(flight.key.clone(), (now, Arc::downgrade(&flight)));
        drop(table);
        let (work, weak) = (work(), Arc::downgrade(&flight));
        let task = async move {
            let landed = work.await;
            // Who comes from now on gets an answer from after they came.
            if let Some(flight) = weak.upgrade() {
                flight.leave_the_table();
            }
            land.send_replace(Some(landed));
        };
        let task = tokio::spawn(continued(task));
        // It is set once, here.
        flight.task.set(task.abort_handle()).ok();
        Boarded::Leads(flight)
    }
}

impl<T> Flight<T> {
    /// Waits for its end. `None` when it ended without one.
    pub(super) async fn landed(&self) -> Option<T>
    where
        T: Clone,
    {
        let mut landed = self.landed.clone();
        let landed = landed.wait_for(Option::is_some).await.ok()?;
        landed.clone()
    }

    /// Only if it is still there: another one may be by now.
    fn leave_the_table(&self) {
        let mut table = self.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        if table.get(&self.key).is_some_and(|(_, flight)| std::ptr::eq(flight.as_ptr(), self)) {
            table.remove(&self.key);
        }
    }
}

impl<T> Drop for Flight<T> {
    fn drop(&mut self) {
        self.leave_the_table();
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use axum::http::HeaderMap;
    use tokio::{
        sync::{Notify, oneshot},
        time::{Instant, advance},
    };

    use super::{Boarded, Flight, Flights};
    use crate::cache::key::{Key, Resource};

    const OLDEST: Duration = Duration::from_secs(5);

    fn key() -> Key {
        let (domain, pool) = ("alpha".into(), "main".into());
        Resource { domain, pool, target: "/api/alpha".parse().unwrap() }.key(&HeaderMap::new(), 0)
    }

    fn board(flights: &Flights<u32>, go: &Arc<Notify>, result: u32) -> (bool, Arc<Flight<u32>>) {
        let go = go.clone();
        let work = || async move {
            go.notified().await;
            result
        };
        match flights.board(&key(), Instant::now(), OLDEST, work) {
            Boarded::Leads(flight) => (true, flight),
            Boarded::Joined(flight) => (false, flight),
        }
    }

    #[tokio::test]
    async fn all_get_what_one_fetched_and_the_next_one_begins_anew() {
        let (flights, go) = (Flights::default(), Arc::new(Notify::new()));
        let (leads, one) = board(&flights, &go, 1);
        let (joins, two) = board(&flights, &go, 2);
        assert!(leads && !joins);
        go.notify_one();
        assert_eq!((one.landed().await, two.landed().await), (Some(1), Some(1)));
        let (leads, three) = board(&flights, &go, 3);
        assert!(leads, "whoever comes after the end");
        drop((one, two));
        go.notify_one();
        assert_eq!(three.landed().await, Some(3));
        assert!(flights.table().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_old_is_left_to_those_who_wait_for_it() {
        let (flights, first, second) =
            (Flights::default(), Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (_, one) = board(&flights, &first, 1);
        advance(OLDEST - Duration::from_millis(1)).await;
        let (leads, two) = board(&flights, &second, 2);
        assert!(!leads);
        advance(Duration::from_millis(1)).await;
        let (leads, three) = board(&flights, &second, 3);
        assert!(leads);
        first.notify_one();
        assert_eq!((one.landed().await, two.landed().await), (Some(1), Some(1)));
        drop((one, two));
        let (leads, four) = board(&flights, &second, 4);
        assert!(!leads, "the old one's end leaves the new one where it is");
        second.notify_one();
        assert_eq!((three.landed().await, four.landed().await), (Some(3), Some(3)));
        assert!(flights.table().is_empty());
    }

    #[tokio::test]
    async fn it_goes_on_for_the_others_and_ends_with_the_last() {
        let (flights, go) = (Flights::default(), Arc::new(Notify::new()));
        let (_, one) = board(&flights, &go, 1);
        let (_, two) = board(&flights, &go, 2);
        drop(one);
        go.notify_one();
        assert_eq!(two.landed().await, Some(1));
        drop(two);

        let (held, ended) = oneshot::channel::<()>();
        let work = || async move {
            let _held = held;
            std::future::pending().await
        };
        drop(flights.board(&key(), Instant::now(), OLDEST, work));
        assert!(ended.await.is_err(), "the task is gone");
        assert!(flights.table().is_empty());
    }
}

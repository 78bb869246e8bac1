//! Threads that each embed alone.
//!
//! Candle and the tokenizer hand every second step to rayon. On a thread of a pool of one it runs on the spot;
//! elsewhere each step waits for another thread to wake up, some milliseconds in all for one query.

use std::{
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// As many threads as there are cores.
pub(super) struct Threads {
    pools: Vec<ThreadPool>,
    next: AtomicUsize,
}

impl Threads {
    /// Starts them; `name` is what the system calls them.
    pub(super) fn start(name: &'static str) -> Result<Self, ThreadPoolBuildError> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let one = |_| ThreadPoolBuilder::new().num_threads(1).thread_name(|_| name.into()).build();
        let pools = (0..cores).map(one).collect::<Result<_, _>>()?;
        Ok(Self { pools, next: AtomicUsize::new(0) })
    }

    /// Runs `work` on one of them, in turns.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let next = self.next.fetch_add(1, Ordering::Relaxed) % self.pools.len();
        self.pools[next].install(work)
    }

    /// Runs `work` for each item on all of them.
    pub(super) fn map<I: Sync, T: Send>(
        &self,
        items: &[I],
        work: impl Fn(&I) -> T + Sync,
    ) -> Vec<T> {
        let mut done = Vec::with_capacity(items.len());
        for items in items.chunks(self.pools.len()) {
            thread::scope(|scope| {
                let work = &work;
                let begin = |(pool, item): (_, _)| {
                    scope.spawn(move || ThreadPool::install(pool, || work(item)))
                };
                let running: Vec<_> = self.pools.iter().zip(items).map(begin).collect();
                let end = |running: thread::ScopedJoinHandle<'_, T>| {
                    running.join().unwrap_or_else(|panic| resume_unwind(panic))
                };
                done.extend(running.into_iter().map(end));
            });
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::Threads;

    #[test]
    fn what_is_done_keeps_its_order_and_runs_in_pools_of_one() {
        let threads = Threads::start("test").unwrap();
        let items: Vec<usize> = (0..25).collect();
        let done = threads.map(&items, |item| (*item, rayon::current_num_threads()));
        assert_eq!(done, items.iter().map(|item| (*item, 1)).collect::<Vec<_>>());
        assert_eq!(threads.run(rayon::current_num_threads), 1);
    }

    #[test]
    #[should_panic(expected = "no such word")]
    fn a_panic_goes_on_to_who_asked() {
        Threads::start("test").unwrap().map(&[1], |_| panic!("no such word"));
    }
}

//! Threads that serve connections, each with a runtime of its own.
//!
//! A connection stays on its thread, with its requests and the connections to upstreams that these use, so
//! that nothing of a request wakes another thread. What belongs to no connection (following the registry,
//! health checks) is on the runtime that started them.
//!
//! Not here: moving connections between threads. A new one goes to the thread that has the fewest.

use std::{
    cell::Cell,
    io,
    sync::Arc,
    thread::{self, JoinHandle},
};

use service_kit::telemetry;
use tokio::{
    runtime::{Builder, Handle},
    sync::watch,
};

thread_local! {
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

/// Returns the number of the worker that this thread is, from 1; 0 for every other thread.
pub(crate) fn number() -> usize {
    NUMBER.get()
}

/// The threads. They end when this is dropped, and with them what they still do.
#[derive(Debug)]
pub(crate) struct Workers {
    workers: Vec<Worker>,
    /// Never sent to: its end is the message.
    alive: Option<watch::Sender<()>>,
}

#[derive(Debug)]
struct Worker {
    runtime: Handle,
    thread: Option<JoinHandle<()>>,
    /// As many copies as it has connections, and this one.
    connections: Arc<()>,
}

/// A connection's place at a worker.
#[derive(Debug)]
pub(super) struct Seat(#[expect(dead_code, reason = "counted, not read")] Option<Arc<()>>);

impl Workers {
    /// None: connections are served on the runtime that accepts them.
    pub(crate) fn none() -> Self {
        Self { workers: Vec::new(), alive: None }
    }

    /// Starts as many.
    ///
    /// # Errors
    /// The system gives no thread or no way to wait for sockets.
    pub(crate) fn start(count: usize) -> io::Result<Self> {
        let (alive, ended) = watch::channel(());
        let workers = (1..=count).map(|number| worker(number, ended.clone()));
        Ok(Self { workers: workers.collect::<io::Result<_>>()?, alive: Some(alive) })
    }

    /// Serves a connection on the thread that has the fewest.
    pub(super) fn serve<F>(&self, serve: impl FnOnce(Seat) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let fewest =
            self.workers.iter().min_by_key(|worker| Arc::strong_count(&worker.connections));
        match fewest {
            Some(worker) => {
                worker.runtime.spawn(serve(Seat(Some(worker.connections.clone()))));
            }
            None => {
                tokio::spawn(serve(Seat(None)));
            }
        }
    }
}

fn worker(number: usize, mut ended: watch::Receiver<()>) -> io::Result<Worker> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        // Many requests are answered between two waits, and each is a line of the log.
        .on_thread_park(telemetry::write_gathered)
        .build()?;
    let handle = runtime.handle().clone();
    let run = move || {
        NUMBER.set(number);
        telemetry::gather();
        // An error is that the sender is gone.
        runtime.block_on(async { while ended.changed().await.is_ok() {} });
        // What blocks is not waited for.
        runtime.shutdown_background();
        telemetry::write_gathered();
    };
    let thread = thread::Builder::new().name(format!("worker-{number}")).spawn(run)?;
    Ok(Worker { runtime: handle, thread: Some(thread), connections: Arc::default() })
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.alive = None;
        for worker in &mut self.workers {
            if worker.thread.take().is_some_and(|thread| thread.join().is_err()) {
                tracing::error!("a worker panicked");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::mpsc};

    use super::{Workers, number};

    #[test]
    fn connections_are_spread_and_stay() {
        let workers = Workers::start(3).unwrap();
        let (send, receive) = mpsc::channel();
        let (hold, _) = tokio::sync::broadcast::channel::<()>(1);
        for _ in 0..30 {
            let (send, mut held) = (send.clone(), hold.subscribe());
            workers.serve(|seat| async move {
                send.send(number()).unwrap();
                held.recv().await.ok();
                drop(seat);
            });
        }
        let mut served = BTreeMap::new();
        for number in receive.iter().take(30) {
            *served.entry(number).or_insert(0) += 1;
        }
        assert_eq!(served, BTreeMap::from([(1, 10), (2, 10), (3, 10)]));
        assert_eq!(number(), 0, "this is none");
    }

    #[tokio::test]
    async fn without_any_it_is_the_runtime_that_accepts() {
        let (send, receive) = tokio::sync::oneshot::channel();
        Workers::none().serve(|_| async move { send.send(number()).unwrap() });
        assert_eq!(receive.await.unwrap(), 0);
    }
}

//! Connections to instances that nobody uses at the moment.
//!
//! The one that was used last is used first, so that what a rush of requests left over ends by itself.
//! Not here: a limit to how many there are; `pool` limits the requests.

use std::{
    collections::HashMap,
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::body::Body;
use http::uri::Authority;
use hyper::client::conn::http1::SendRequest;
use tokio::{runtime::Handle, time::Instant};

/// How long one is kept that nobody uses.
const IDLE: Duration = Duration::from_secs(90);

/// Those of one thread, by instance, the last used last.
#[derive(Debug, Default)]
pub(crate) struct Connections(Mutex<ByInstance>);

/// By the instances' text: an authority compares and hashes letter by letter, since case does not count in it.
type ByInstance = HashMap<Box<str>, Vec<Idle>>;

#[derive(Debug)]
struct Idle {
    connection: SendRequest<Body>,
    since: Instant,
}

/// A connection in use. When this is dropped it is kept for the next request, once it can take one.
#[derive(Debug)]
pub(crate) struct Held {
    connection: Option<SendRequest<Body>>,
    connections: Arc<Connections>,
    instance: Authority,
}

impl Connections {
    fn idle(&self) -> MutexGuard<'_, ByInstance> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns one that can take a request now.
    pub(super) fn take(&self, instance: &Authority) -> Option<SendRequest<Body>> {
        let mut idle = self.idle();
        let kept = idle.get_mut(instance.as_str())?;
        std::iter::from_fn(|| kept.pop()).map(|idle| idle.connection).find(SendRequest::is_ready)
    }

    fn keep(&self, instance: &Authority, connection: SendRequest<Body>) {
        let (kept, mut idle) = (Idle { connection, since: Instant::now() }, self.idle());
        match idle.get_mut(instance.as_str()) {
            Some(others) => others.push(kept),
            None => drop(idle.insert(instance.as_str().into(), vec![kept])),
        }
    }

    /// Closes those that were closed at the other end, or have waited for too long.
    pub(super) fn close_unused(&self, now: Instant) {
        self.idle().retain(|_, kept| {
            kept.retain(|idle| !idle.connection.is_closed() && now - idle.since < IDLE);
            !kept.is_empty()
        });
    }
}

impl Held {
    pub(super) fn new(
        connection: SendRequest<Body>,
        connections: &Arc<Connections>,
        instance: &Authority,
    ) -> Self {
        let (connections, instance) = (connections.clone(), instance.clone());
        Self { connection: Some(connection), connections, instance }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take().filter(|kept| !kept.is_closed()) else {
            return;
        };
        if connection.is_ready() {
            self.connections.keep(&self.instance, connection);
        } else if let Ok(runtime) = Handle::try_current() {
            let (connections, instance) = (self.connections.clone(), self.instance.clone());
            // The end of the answer, or that nobody wants it, is on its way to the connection.
            runtime.spawn(async move {
                if poll_fn(|cx| connection.poll_ready(cx)).await.is_ok() {
                    connections.keep(&instance, connection);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use hyper::client::conn::http1::handshake;
    use hyper_util::rt::TokioIo;
    use tokio::time::Instant;

    use super::{Connections, IDLE};

    #[tokio::test]
    async fn what_waits_for_too_long_or_was_closed_is_not_taken() {
        let (connections, instance) = (Connections::default(), "a:1".parse().unwrap());
        for closed in [false, true] {
            let (ours, theirs) = tokio::io::duplex(1000);
            let (mut sender, connection) = handshake::<_, Body>(TokioIo::new(ours)).await.unwrap();
            let driver = tokio::spawn(connection);
            sender.ready().await.unwrap();
            connections.keep(&instance, sender);
            if closed {
                drop(theirs);
                driver.await.unwrap().ok();
                assert!(connections.take(&instance).is_none());
                continue;
            }
            let now = Instant::now();
            connections.close_unused(now);
            let taken = connections.take(&instance).unwrap();
            connections.keep(&instance, taken);
            connections.close_unused(now + IDLE * 2);
            assert!(connections.take(&instance).is_none());
            driver.await.unwrap().unwrap();
        }
    }
}

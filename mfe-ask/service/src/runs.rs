//! Answers that are being made, each apart from the line on which it is read.
//!
//! A line may drop and another one go on where it stopped: an answer's events are kept while it is made and for
//! a while after. Whoever asked may stop it; and one that nobody reads any more is stopped after a while. What
//! a run keeps is bounded by the length of an answer, and there are so many runs at most, so that neither a
//! slow reader nor many of them fill the memory.
//!
//! Not here: how an answer is made (`answering`), and answers of other processes: those are read from the store
//! once they are done.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use mfe_ask_api::{Answer, Meta, Sources, Token};
use service_kit::ApiError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::{Session, error::AskError};

/// Answers that are made at the same time.
const MOST: usize = 512;
/// How long an answer goes on without a reader.
const UNREAD: Duration = Duration::from_secs(20);
/// How long its events are kept after its end, when the store has the answer: each run is some 5 KB.
const KEPT: Duration = Duration::from_secs(5);

/// What a run tells its readers. Most are tokens, so that what is large stands elsewhere.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Meta(Meta),
    Token(Token),
    Sources(Arc<Sources>),
    Done(Arc<Answer>),
    Failed(Box<ApiError>),
}

impl Told {
    fn is_last(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Failed(_))
    }
}

/// All runs; clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Runs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    running: Mutex<HashMap<String, Arc<Run>>>,
    room: Arc<Semaphore>,
}

/// An answer that is being made, or was just now.
#[derive(Debug)]
pub(crate) struct Run {
    session: Session,
    pub(crate) message_id: String,
    told: watch::Sender<Vec<Told>>,
    stopped: CancellationToken,
    readers: AtomicUsize,
}

impl Default for Runs {
    fn default() -> Self {
        let inner = Inner { running: Mutex::default(), room: Arc::new(Semaphore::new(MOST)) };
        Self(Arc::new(inner))
    }
}

impl Runs {
    /// Takes a place for an answer.
    ///
    /// # Errors
    /// [`AskError::Busy`]: there is none.
    pub(crate) fn room(&self) -> Result<OwnedSemaphorePermit, AskError> {
        self.0.room.clone().try_acquire_owned().map_err(|_| AskError::Busy)
    }

    /// Begins a run.
    pub(crate) fn begin(&self, session: Session, message_id: String) -> Arc<Run> {
        let run = Arc::new(Run {
            session,
            message_id: message_id.clone(),
            told: watch::Sender::default(),
            stopped: CancellationToken::new(),
            readers: AtomicUsize::new(0),
        });
        self.lock().insert(message_id, run.clone());
        run
    }

    /// Returns a run of a session.
    pub(crate) fn find(&self, session: &Session, message_id: &str) -> Option<Arc<Run>> {
        self.lock().get(message_id).filter(|run| run.session == *session).cloned()
    }

    /// Forgets a run, after a while in which its events may still be read.
    pub(crate) async fn end(&self, run: &Arc<Run>) {
        tokio::time::sleep(KEPT).await;
        let mut running = self.lock();
        // A retry has the same message.
        if running.get(&run.message_id).is_some_and(|current| Arc::ptr_eq(current, run)) {
            running.remove(&run.message_id);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Run>>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Run {
    /// Tells all readers, those to come included.
    pub(crate) fn tell(&self, told: Told) {
        self.told.send_modify(|all| all.push(told));
    }

    /// Ends the work on it.
    pub(crate) fn stop(&self) {
        self.stopped.cancel();
    }

    /// Waits until it is to end.
    pub(crate) async fn stopped(&self) {
        self.stopped.cancelled().await;
    }

    /// Reads what is told from the event `from` on, from 0.
    pub(crate) fn read(self: &Arc<Self>, from: usize) -> Reader {
        self.readers.fetch_add(1, Ordering::AcqRel);
        Reader { run: self.clone(), told: self.told.subscribe(), at: from }
    }
}

/// Reads a run's events at its own speed.
#[derive(Debug)]
pub(crate) struct Reader {
    run: Arc<Run>,
    told: watch::Receiver<Vec<Told>>,
    at: usize,
}

impl Reader {
    /// Returns the next event with its number, `None` after the last one.
    pub(crate) async fn next(&mut self) -> Option<(usize, Told)> {
        loop {
            {
                let all = self.told.borrow_and_update();
                if let Some(told) = all.get(self.at) {
                    let at = self.at;
                    self.at += 1;
                    return Some((at, told.clone()));
                }
                if all.last().is_some_and(Told::is_last) {
                    return None;
                }
            }
            self.told.changed().await.ok()?;
        }
    }

    pub(crate) fn message_id(&self) -> &str {
        &self.run.message_id
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let last = self.run.readers.fetch_sub(1, Ordering::AcqRel) == 1;
        let ended = self.told.borrow().last().is_some_and(Told::is_last);
        // Outside of a runtime nobody could wait, nor make an answer.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if last && !ended {
            let run = self.run.clone();
            runtime.spawn(async move {
                tokio::time::sleep(UNREAD).await;
                if run.readers.load(Ordering::Acquire) == 0 {
                    run.stop();
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::{Meta, Token};
    use service_kit::ApiError;

    use super::{KEPT, Runs, Told, UNREAD};
    use crate::Session;

    fn token(text: &str) -> Told {
        Told::Token(Token { text: text.to_owned() })
    }

    fn last() -> Told {
        Told::Failed(Box::new(ApiError::not_found("x", "x")))
    }

    #[tokio::test]
    async fn every_reader_gets_every_event_from_where_it_begins() {
        let session = Session::new("a").unwrap();
        let run = Runs::default().begin(session, "m".to_owned());
        let mut early = run.read(0);
        run.tell(Told::Meta(Meta { conversation_id: "c".into(), message_id: "m".into() }));
        run.tell(token("one"));
        assert_eq!(early.next().await.unwrap().0, 0);
        run.tell(last());
        let mut late = run.read(2);
        assert_eq!(early.next().await.unwrap().0, 1);
        assert_eq!((early.next().await.unwrap().0, late.next().await.unwrap().0), (2, 2));
        assert!(early.next().await.is_none() && late.next().await.is_none());
    }

    #[tokio::test]
    async fn a_run_is_found_only_by_the_session_that_began_it() {
        let (one, other) = (Session::new("a").unwrap(), Session::new("b").unwrap());
        let runs = Runs::default();
        runs.begin(one.clone(), "m".to_owned());
        assert!(runs.find(&one, "m").is_some());
        assert!(runs.find(&other, "m").is_none() && runs.find(&one, "n").is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_reads_is_stopped_unless_somebody_comes_back_in_time() {
        let run = Runs::default().begin(Session::new("a").unwrap(), "m".to_owned());
        drop(run.read(0));
        tokio::time::sleep(UNREAD / 2).await;
        let back = run.read(0);
        tokio::time::sleep(UNREAD).await;
        assert!(!run.stopped.is_cancelled());
        drop(back);
        tokio::time::sleep(UNREAD * 2).await;
        assert!(run.stopped.is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_outlives_the_run_that_it_replaces() {
        let (runs, session) = (Runs::default(), Session::new("a").unwrap());
        let old = runs.begin(session.clone(), "m".to_owned());
        let new = runs.begin(session.clone(), "m".to_owned());
        runs.end(&old).await;
        assert!(runs.find(&session, "m").is_some());
        let before = tokio::time::Instant::now();
        runs.end(&new).await;
        assert!(runs.find(&session, "m").is_none() && before.elapsed() >= KEPT);
    }

    #[test]
    fn there_is_room_for_so_many_at_once() {
        let runs = Runs::default();
        let held: Vec<_> = (0..super::MOST).map(|_| runs.room().unwrap()).collect();
        assert!(runs.room().is_err());
        drop(held);
        assert!(runs.room().is_ok());
    }
}

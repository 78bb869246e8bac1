//! A composer that says what a script says, and notes when it is given up.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use mfe_ask_api::Mode;
use mfe_ask_service::{AppState, Brief, ComposeError, Composer, Draft};
use tokio::sync::{Notify, mpsc};

/// One step of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A sentence of a story.
    Say(Draft),
    /// Nothing, for a while.
    Wait(Duration),
    /// The model breaks.
    Break,
}

/// A sentence of a story, in a script.
pub(crate) fn say(story: &str, text: &str) -> Step {
    let (text, story) = (text.to_owned(), story.to_owned());
    Step::Say(Draft { text, story, quote: None, opens: false })
}

type Script = Box<dyn Fn(&Brief) -> Vec<Step> + Send + Sync>;

/// A composer; clones are the same one.
#[derive(Clone)]
pub(crate) struct Scripted(Arc<Inner>);

struct Inner {
    script: Script,
    /// Told when all was said but what waits for ever.
    pub(crate) waits: Notify,
    given_up: Mutex<Option<Instant>>,
    briefs: Mutex<Vec<Brief>>,
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

/// Notes when it is dropped before its end.
struct Working<'a>(Option<&'a Mutex<Option<Instant>>>);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        if let Some(given_up) = self.0 {
            *given_up.lock().unwrap() = Some(Instant::now());
        }
    }
}

impl Scripted {
    /// Says the same to everybody.
    pub(crate) fn saying(steps: Vec<Step>) -> Self {
        Self::new(move |_| steps.clone())
    }

    /// Says what comes of a brief.
    pub(crate) fn new(script: impl Fn(&Brief) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let (waits, given_up, briefs) = (Notify::new(), Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { script: Box::new(script), waits, given_up, briefs }))
    }

    /// Lets it compose.
    pub(crate) fn compose_for(&self, state: &mut AppState) {
        state.model = Some(Arc::new(self.clone()));
    }

    /// Waits until it waits.
    pub(crate) async fn waits(&self) {
        self.0.waits.notified().await;
    }

    /// Returns when its work was given up, if it was.
    pub(crate) fn given_up(&self) -> Option<Instant> {
        *self.0.given_up.lock().unwrap()
    }

    /// Returns all that it was told.
    pub(crate) fn briefs(&self) -> Vec<Brief> {
        self.0.briefs.lock().unwrap().clone()
    }
}

#[async_trait]
impl Composer for Scripted {
    fn mode(&self) -> Mode {
        Mode::Generative
    }

    async fn compose(&self, brief: &Brief, out: &mpsc::Sender<Draft>) -> Result<(), ComposeError> {
        self.0.briefs.lock().unwrap().push(brief.clone());
        let mut working = Working(Some(&self.0.given_up));
        let mut ended = Ok(());
        for step in (self.0.script)(brief) {
            match step {
                Step::Say(draft) => {
                    if out.send(draft).await.is_err() {
                        break;
                    }
                }
                Step::Wait(time) => {
                    self.0.waits.notify_one();
                    tokio::time::sleep(time).await;
                }
                Step::Break => ended = Err(ComposeError::Cut(None)),
            }
        }
        working.0 = None;
        ended
    }
}

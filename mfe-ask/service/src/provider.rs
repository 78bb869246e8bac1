//! Any endpoint that speaks `POST /v1/chat/completions` as `OpenAI` does, as a stream.
//!
//! What is too busy (429, 503) is asked again, after the time that it names or a growing pause, but only
//! before its first piece: what was said cannot be unsaid. Everything that comes is bounded, in time and in
//! size. Not here: whether a sentence is true; see `verifying`.

mod prompt;
mod retry;
mod sentences;
mod settings;
mod wire;

use std::{pin::pin, time::SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use mfe_ask_api::Mode;
use reqwest::{Response, StatusCode, header, redirect};
use service_kit::{Failed, Patience};
use sse_stream::{Error as StreamError, SseByteStream};
use tokio::{
    sync::mpsc,
    time::{Duration, Instant, timeout, timeout_at},
};

pub use settings::ProviderSettings;

use crate::composer::{Brief, ComposeError, Composer, Draft, Phase};
use prompt::Prompt;
use sentences::{Cutter, Marked};
use wire::{Event, Request};

/// Who asks for a longer pause gives no answer in time.
const PATIENCE: Patience = Patience {
    tries: 3,
    first_pause: Duration::from_millis(250),
    longest_pause: Duration::from_secs(5),
};
/// Bytes of one stream: several times what the longest answer needs, with all that is said around its pieces.
const MOST_BYTES: usize = 2 << 20;

/// A composer that asks a language model.
#[derive(Debug)]
pub struct Provider {
    client: reqwest::Client,
    url: String,
    settings: ProviderSettings,
}

/// Why the bytes of a stream end.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("more than {MOST_BYTES} bytes")]
    Endless,
    #[error("the connection broke")]
    Connection(#[from] reqwest::Error),
}

impl Provider {
    /// Prepares a client; nothing is sent yet.
    ///
    /// # Errors
    /// The system's certificates cannot be read.
    pub fn new(settings: ProviderSettings) -> Result<Self, reqwest::Error> {
        // A redirect would carry questions to somebody whom nobody chose.
        let client = reqwest::Client::builder().redirect(redirect::Policy::none()).build()?;
        let base = settings.base.trim_end_matches('/').trim_end_matches("/v1");
        Ok(Self { client, url: [base, "/v1/chat/completions"].concat(), settings })
    }

    async fn answer(&self, brief: &Brief, out: &mpsc::Sender<Draft>) -> Result<(), ComposeError> {
        let prompt = Prompt::new(brief, self.settings.prompt_chars);
        let (response, until) = self.begin(&prompt).await?;
        self.read(response, until, &prompt, out).await
    }

    /// Asks until somebody answers, or for good not; returns the answer and when its first piece is due.
    async fn begin(&self, prompt: &Prompt) -> Result<(Response, Instant), ComposeError> {
        PATIENCE.keep(|| self.send(prompt)).await
    }

    async fn send(&self, prompt: &Prompt) -> Result<(Response, Instant), Failed<ComposeError>> {
        let ProviderSettings { model, key, max_tokens, first_piece, .. } = &self.settings;
        let due = Instant::now() + *first_piece;
        let mut request = self
            .client
            .post(&self.url)
            .header(header::ACCEPT, "text/event-stream")
            .json(&Request::new(model, *max_tokens, &prompt.messages));
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        let response = timeout_at(due, request.send())
            .await
            .map_err(|_| Failed::ForGood(ComposeError::TimedOut(Phase::FirstPiece)))?
            .map_err(|error| {
                Failed::ForGood(ComposeError::Unreachable(error.without_url().into()))
            })?;
        match response.status() {
            StatusCode::OK => Ok((response, due)),
            StatusCode::TOO_MANY_REQUESTS => {
                Err(Failed::ForNow(ComposeError::RateLimited, patience(&response)))
            }
            status @ StatusCode::SERVICE_UNAVAILABLE => {
                let error = ComposeError::Refused(status.as_u16());
                Err(Failed::ForNow(error, patience(&response)))
            }
            status => Err(Failed::ForGood(ComposeError::Refused(status.as_u16()))),
        }
    }

    /// Reads an answer to its end and sends its sentences as they become whole.
    async fn read(
        &self,
        response: Response,
        mut until: Instant,
        prompt: &Prompt,
        out: &mpsc::Sender<Draft>,
    ) -> Result<(), ComposeError> {
        if !is_stream(&response) {
            return Err(ComposeError::Malformed("no stream of events".into()));
        }
        let mut events = pin!(SseByteStream::new(bounded(response.bytes_stream())));
        let mut cutter = Cutter::default();
        let mut phase = Phase::FirstPiece;
        let mut finished = false;
        loop {
            let event = match timeout_at(until, events.next()).await {
                Ok(Some(Ok(event))) => event,
                // Some servers never say that they are done; the last piece tells as much.
                _ if finished => break,
                Ok(Some(Err(error))) => return Err(stream_error(error)),
                Ok(None) => return Err(ComposeError::Cut(None)),
                Err(_) => return Err(ComposeError::TimedOut(phase)),
            };
            let Some(data) = event.data else { continue };
            match Event::read(&data).map_err(|error| ComposeError::Malformed(error.into()))? {
                Event::Done => break,
                Event::Failed(message) => return Err(ComposeError::Malformed(message.into())),
                Event::Piece { text, last } => {
                    finished |= last;
                    for marked in cutter.push(&text).map_err(|_| ComposeError::TooLong)? {
                        if !propose(prompt, marked, out).await {
                            return Ok(());
                        }
                    }
                }
            }
            (until, phase) = (Instant::now() + self.settings.idle, Phase::NextPiece);
        }
        dropped(cutter.finish());
        Ok(())
    }
}

/// Sends a sentence whose mark is known; returns whether anybody still listens.
async fn propose(prompt: &Prompt, marked: Marked, out: &mpsc::Sender<Draft>) -> bool {
    dropped(marked.unmarked);
    let Some(story) = prompt.story(marked.mark) else {
        dropped(1);
        return true;
    };
    let Marked { text, opens, .. } = marked;
    out.send(Draft { text, story: story.to_owned(), quote: None, opens }).await.is_ok()
}

/// Counts sentences that say not what they rest on.
fn dropped(sentences: usize) {
    if let Ok(sentences @ 1..) = u64::try_from(sentences) {
        metrics::counter!("ask_unmarked_sentences_total").increment(sentences);
    }
}

fn patience(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    retry::after(value, SystemTime::now())
}

fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("text/event-stream"))
}

/// Passes bytes on until there are too many.
fn bounded(
    bytes: impl Stream<Item = reqwest::Result<Bytes>>,
) -> impl Stream<Item = Result<Bytes, Broken>> {
    let mut total = 0;
    bytes.map(move |chunk| {
        let chunk = chunk?;
        total += chunk.len();
        if total > MOST_BYTES { Err(Broken::Endless) } else { Ok(chunk) }
    })
}

fn stream_error(error: StreamError) -> ComposeError {
    match error {
        StreamError::Body(source) => match source.downcast_ref() {
            Some(Broken::Endless) => ComposeError::TooLong,
            _ => ComposeError::Cut(Some(source)),
        },
        other => ComposeError::Malformed(other.into()),
    }
}

#[async_trait]
impl Composer for Provider {
    fn mode(&self) -> Mode {
        Mode::Generative
    }

    async fn compose(&self, brief: &Brief, out: &mpsc::Sender<Draft>) -> Result<(), ComposeError> {
        tokio::select! {
            biased;
            () = out.closed() => Ok(()),
            answered = timeout(self.settings.deadline, self.answer(brief, out)) => {
                answered.unwrap_or(Err(ComposeError::TimedOut(Phase::Whole)))
            }
        }
    }
}

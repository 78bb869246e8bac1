//! Asking, and hearing the answer until its end, over lost lines.

use std::time::Duration;

use contract::Problem;
use js_sys::JSON;
use mfe_ask_api::{Answer, GENERATE, Sources, event};
use shared_ui::{
    client::{broken_stream, post_for_events, problem_of, unreadable},
    kit::Host,
    sse,
};
use web_sys::AbortSignal;
use yew::{AttrValue, platform::time::sleep};

use crate::{client::body, wire};

/// What is asked. What is empty is not sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Asking {
    /// In the person's words.
    pub(crate) question: AttrValue,
    /// Which conversation it goes on with.
    pub(crate) conversation: String,
    /// The story that it is about.
    pub(crate) from_story: AttrValue,
    /// The message that is to be answered anew.
    pub(crate) retry: String,
}

/// What the service says in answer to a question, in this order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    /// The answer is being made.
    Began {
        /// Of which conversation it is.
        conversation: String,
        /// Its own id.
        message: String,
    },
    /// More text.
    Said(String),
    /// What the text rests on.
    Cited(Sources),
    /// The whole answer: the end.
    Answered(Box<Answer>),
    /// Why there will be no answer: the end.
    Failed(Problem),
}

/// How often in a row something is tried again by itself.
const TRIES: u32 = 3;
/// Before a lost line is taken up, the first time; four times as long each time after.
const LOST: Duration = Duration::from_millis(400);

/// How listening ended without an answer.
enum End {
    /// The line was lost, after an event if there was one.
    Lost(Problem),
    /// The service says why.
    Told(Problem),
}

/// Asks, and tells `hear` what comes back until its end. A request that was cancelled has no end.
pub(crate) async fn generate(
    host: Host,
    asking: Asking,
    signal: AbortSignal,
    hear: impl Fn(Heard),
) {
    let (mut last, mut tries) = (String::new(), 0);
    loop {
        let before = last.clone();
        let Err(end) = listen(&host, &asking, &mut last, &signal, &hear).await else {
            return;
        };
        if signal.aborted() {
            return;
        }
        if before != last {
            tries = 0;
        }
        match end {
            End::Lost(_) if !last.is_empty() && tries < TRIES => {}
            End::Lost(problem) | End::Told(problem) => return hear(Heard::Failed(problem)),
        }
        let pause = LOST * 4_u32.pow(tries);
        tries += 1;
        sleep(pause).await;
        if signal.aborted() {
            return;
        }
    }
}

/// Listens until the answer is whole.
async fn listen(
    host: &Host,
    asking: &Asking,
    last: &mut String,
    signal: &AbortSignal,
    hear: &impl Fn(Heard),
) -> Result<(), End> {
    let question = body(&[
        ("question", &asking.question),
        ("conversation_id", &asking.conversation),
        ("from_story", &asking.from_story),
        ("retry", &asking.retry),
    ]);
    let answer = post_for_events(host, GENERATE, &question, last, Some(signal)).await;
    let response = answer.map_err(End::Lost)?;
    if !response.ok() {
        let problem = problem_of(&response).await;
        // A gateway that says so has lost the service, whose answer may go on.
        return Err(match problem.status {
            502..=504 => End::Lost(problem),
            _ => End::Told(problem),
        });
    }
    let mut end = Err(End::Lost(broken_stream()));
    let read = sse::read(&response, |event| {
        event.id.clone_into(last);
        match understand(&event) {
            // An event of a later version of the service.
            None => return true,
            Some(Heard::Failed(problem)) => end = Err(End::Told(problem)),
            Some(heard) => {
                let whole = matches!(heard, Heard::Answered(_));
                hear(heard);
                if !whole {
                    return true;
                }
                end = Ok(());
            }
        }
        false
    });
    read.await.map_err(End::Lost)?;
    end
}

fn understand(event: &sse::Event) -> Option<Heard> {
    let known = [event::META, event::TOKEN, event::SOURCES, event::DONE, event::ERROR];
    let which = known.into_iter().position(|name| name == event.name)?;
    let Ok(data) = JSON::parse(&event.data) else { return Some(Heard::Failed(unreadable())) };
    let heard = match which {
        0 => {
            wire::meta(&data).map(|(conversation, message)| Heard::Began { conversation, message })
        }
        1 => wire::text(&data, "text").map(Heard::Said),
        2 => wire::sources(&data).map(Heard::Cited),
        3 => wire::answer(&data).map(|answer| Heard::Answered(Box::new(answer))),
        _ => Some(Heard::Failed(wire::problem(&data))),
    };
    Some(heard.unwrap_or_else(|| Heard::Failed(unreadable())))
}

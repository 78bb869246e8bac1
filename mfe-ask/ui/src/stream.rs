//! Asking, and hearing the answer until its end, over lost lines and a search that is away for a moment.

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
    /// Nothing can be looked up now; the question is asked again in a moment.
    Waiting,
    /// Why there will be no answer: the end.
    Failed(Problem),
}

/// How often in a row something is tried again by itself.
const TRIES: u32 = 3;
/// Before a lost line is taken up, the first time; four times as long each time after.
const LOST: Duration = Duration::from_millis(400);
/// Before the search is asked again, where the service does not say when.
const AWAY: Duration = Duration::from_secs(4);

/// How listening ended without an answer.
enum End {
    /// The line was lost, after an event if there was one.
    Lost(Problem),
    /// The service says why, and maybe when to ask again.
    Told(Problem, Option<Duration>),
}

/// Asks, and tells `hear` what comes back until its end. A request that was cancelled has no end.
pub(crate) async fn generate(
    host: Host,
    mut asking: Asking,
    signal: AbortSignal,
    hear: impl Fn(Heard),
) {
    let (mut last, mut tries) = (String::new(), 0);
    loop {
        let before = last.clone();
        let mut began = (asking.conversation.clone(), asking.retry.clone());
        let Err(end) = listen(&host, &asking, &mut last, &mut began, &signal, &hear).await else {
            return;
        };
        if signal.aborted() {
            return;
        }
        if before != last {
            tries = 0;
        }
        let pause = match &end {
            End::Lost(_) if !last.is_empty() => Some(LOST * 4_u32.pow(tries)),
            End::Told(problem, wait) if is_search_away(problem) => {
                Some(wait.unwrap_or(AWAY * (tries + 1)))
            }
            End::Lost(_) | End::Told(..) => None,
        };
        let (End::Lost(problem) | End::Told(problem, _)) = end;
        let Some(pause) = pause.filter(|_| tries < TRIES) else {
            return hear(Heard::Failed(problem));
        };
        if is_search_away(&problem) {
            // That was the end of this answer; the next one takes its place.
            last.clear();
            (asking.conversation, asking.retry) = began;
            hear(Heard::Waiting);
        }
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
    began: &mut (String, String),
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
            502..=504 if !is_search_away(&problem) => End::Lost(problem),
            _ => End::Told(problem, wait(response.headers().get("retry-after"))),
        });
    }
    let mut end = Err(End::Lost(broken_stream()));
    let read = sse::read(&response, |event| {
        event.id.clone_into(last);
        match understand(&event) {
            // An event of a later version of the service.
            None => return true,
            Some(Heard::Failed(problem)) => end = Err(End::Told(problem, None)),
            Some(heard) => {
                let whole = matches!(heard, Heard::Answered(_));
                if let Heard::Began { conversation, message } = &heard {
                    *began = (conversation.clone(), message.clone());
                }
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

fn wait(header: Result<Option<String>, wasm_bindgen::JsValue>) -> Option<Duration> {
    // At most as long as somebody waits.
    let seconds = header.ok()??.parse::<u8>().ok()?;
    Some(Duration::from_secs(u64::from(seconds.clamp(1, 30))))
}

/// Tells whether a problem says that the search is away, which passes.
fn is_search_away(problem: &Problem) -> bool {
    problem.code() == "search-unavailable"
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

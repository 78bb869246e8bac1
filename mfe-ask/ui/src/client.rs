//! Calls to the ask service.

use contract::Problem;
use js_sys::JSON;
use mfe_ask_api::{
    Answer, GENERATE, Meta, Question, STARTERS, Source, Sources, Starters, Token, event,
};
use serde::de::DeserializeOwned;
use shared_ui::{
    client::{ABORTED, from_js, get_json, post_for_events},
    kit::Host,
    sse,
};
use web_sys::AbortSignal;

/// What the service says in answer to a question, in this order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    /// The conversation's id.
    Began(String),
    /// More text.
    Said(String),
    /// What the text rests on.
    Cited(Vec<Source>),
    /// The whole answer: the end.
    Answered(Box<Answer>),
    /// Why there will be no answer: the end.
    Failed(Problem),
}

/// Fetches questions to begin with.
///
/// # Errors
/// As [`get_json`].
pub(crate) async fn starters(host: Host, signal: Option<AbortSignal>) -> Result<Starters, Problem> {
    get_json(&host, STARTERS, signal.as_ref()).await
}

/// Asks, and tells `hear` what comes back until its end. A request that was cancelled has no end.
pub(crate) async fn generate(
    host: &Host,
    question: &Question,
    signal: Option<&AbortSignal>,
    mut hear: impl FnMut(Heard),
) {
    if let Err(problem) = listen(host, question, signal, &mut hear).await
        && problem.code() != ABORTED
    {
        hear(Heard::Failed(problem));
    }
}

async fn listen(
    host: &Host,
    question: &Question,
    signal: Option<&AbortSignal>,
    hear: &mut impl FnMut(Heard),
) -> Result<(), Problem> {
    let response = post_for_events(host, GENERATE, question, signal).await?;
    let mut end = Err(broke_off());
    sse::read(&response, |event| {
        match understand(&event) {
            // An event of a later version of the service.
            None => return true,
            Some(Err(problem)) => end = Err(problem),
            Some(Ok(heard)) => {
                let last = matches!(heard, Heard::Answered(_) | Heard::Failed(_));
                hear(heard);
                if !last {
                    return true;
                }
                end = Ok(());
            }
        }
        false
    })
    .await?;
    end
}

fn understand(event: &sse::Event) -> Option<Result<Heard, Problem>> {
    let data = &event.data;
    Some(match event.name.as_str() {
        event::META => read(data).map(|meta: Meta| Heard::Began(meta.conversation_id)),
        event::TOKEN => read(data).map(|token: Token| Heard::Said(token.text)),
        event::SOURCES => read(data).map(|sources: Sources| Heard::Cited(sources.sources)),
        event::DONE => read(data).map(|answer| Heard::Answered(Box::new(answer))),
        event::ERROR => read(data).map(Heard::Failed),
        _ => return None,
    })
}

fn read<T: DeserializeOwned>(data: &str) -> Result<T, Problem> {
    from_js(JSON::parse(data).map_err(|_| broke_off())?)
}

fn broke_off() -> Problem {
    Problem {
        r#type: "/problems/broken-stream".to_owned(),
        title: "The answer broke off".to_owned(),
        status: 0,
        detail: "The connection ended before the answer did.".to_owned(),
        request_id: String::new(),
        errors: Vec::new(),
    }
}

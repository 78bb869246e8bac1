//! The transcript, and the requests that it needs.

use std::{cell::Cell, rc::Rc, time::Duration};

use mfe_ask_api::Answer;
use shared_ui::{
    client::is_aborted,
    hooks::{
        lean::{State, use_effect_with, use_reducer},
        use_host,
    },
    kit::{Host, NavigateMode},
};
use web_sys::AbortController;
use yew::{
    platform::{spawn_local, time::sleep},
    prelude::*,
};

use super::use_return;
use crate::{
    arrival::Arrival,
    client::{self, Found, Heard, Wanted},
    segments, stream,
    transcript::{Action, Transcript},
};

/// Between two looks at an answer that is made for somebody else.
const LOOK: Duration = Duration::from_millis(1500);

/// Returns the conversation. While a turn runs, its request does; the request ends when the turn does, for
/// whatever reason. A finished answer is announced once, whole. `on_recall` is called just before older
/// turns come in.
#[hook]
pub(crate) fn use_conversation(on_recall: impl Fn() + Clone + 'static) -> State<Transcript> {
    let host = use_host();
    let transcript = use_reducer(Transcript::default);
    {
        let (transcript, host) = (transcript.clone(), host.clone());
        let run = transcript.running().map(|turn| turn.run);
        use_effect_with(run, move |run| {
            let controller = AbortController::new().ok();
            if let (Some(run), Some(asking), Some(controller)) =
                (*run, transcript.request(), &controller)
            {
                let setter = transcript.setter();
                let hearing = host.clone();
                let hear = move |heard: Heard| {
                    let conversation = match &heard {
                        Heard::Began { conversation, .. } => Some(conversation.clone()),
                        Heard::Answered(answer) => {
                            hearing.announce(&spoken(answer));
                            None
                        }
                        _ => None,
                    };
                    setter.dispatch(Action::Heard { run, heard });
                    if let Some(conversation) = conversation {
                        settle(&hearing, &conversation);
                    }
                };
                spawn_local(stream::generate(host, asking, controller.signal(), hear));
            }
            abort(controller)
        });
    }
    {
        let setter = transcript.setter();
        use_effect_with(transcript.recalling().cloned(), move |recalling| {
            let controller = AbortController::new().ok();
            if let Some(recalling) = recalling.clone() {
                let signal = controller.as_ref().map(AbortController::signal);
                let run = recalling.run;
                spawn_local(async move {
                    let older = recalling.before.is_some();
                    match client::find(host, Wanted::History(recalling), signal).await {
                        Ok(Found::History(stretch)) => {
                            if older {
                                on_recall();
                            }
                            setter.dispatch(Action::Recalled { run, stretch });
                        }
                        Err(problem) if !is_aborted(&problem) => {
                            setter.dispatch(Action::NotRecalled { run, problem });
                        }
                        Ok(_) | Err(_) => {}
                    }
                });
            }
            abort(controller)
        });
    }
    {
        // Anew after each look.
        let setter = transcript.setter();
        let looks = transcript.is_made_elsewhere() && transcript.recalling().is_none();
        use_effect_with((looks, transcript.news()), move |(looks, _)| {
            let wanted = Rc::new(Cell::new(*looks));
            let still = Rc::clone(&wanted);
            if *looks {
                spawn_local(async move {
                    sleep(LOOK).await;
                    if still.get() {
                        setter.dispatch(Action::Refreshed);
                    }
                });
            }
            move || wanted.set(false)
        });
    }
    {
        let setter = transcript.setter();
        use_return(move || setter.dispatch(Action::Refreshed));
    }
    transcript
}

fn abort(controller: Option<AbortController>) -> impl FnOnce() {
    move || {
        if let Some(controller) = controller {
            controller.abort();
        }
    }
}

/// Gives a conversation that has just begun its address: the same step of the history, told more precisely.
fn settle(host: &Host, conversation: &str) {
    let Some(arrival) = Arrival::of(&host.location()) else { return };
    if arrival.conversation.is_none() {
        let path = Arrival::settled(Some(conversation), arrival.story.as_deref());
        host.navigate(&path, NavigateMode::Replace);
    }
}

fn spoken(answer: &Answer) -> String {
    match &answer.refusal {
        Some(refusal) => refusal.message.clone(),
        None => {
            let count = answer.sources.len().to_string();
            let sources = if answer.sources.len() == 1 { " source." } else { " sources." };
            [segments::words(&answer.answer, " ").as_str(), " ", &count, sources].concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::{Answer, Refusal, RefusalKind};

    use super::spoken;
    use crate::components::tests::{answer, source};

    #[test]
    fn an_answer_is_spoken_without_marks_and_with_its_number_of_sources() {
        let one = Answer { answer: "It ended. [1]".to_owned(), ..answer(1) };
        assert_eq!(spoken(&one), "It ended. 1 source.");
        let sources = vec![source("a"), source("b")];
        assert_eq!(spoken(&Answer { sources, ..one }), "It ended. 2 sources.");
        let refusal = Some(Refusal {
            kind: RefusalKind::Personal,
            message: "Nothing answers that.".to_owned(),
            suggestions: Vec::new(),
        });
        assert_eq!(spoken(&Answer { refusal, ..answer(0) }), "Nothing answers that.");
    }
}

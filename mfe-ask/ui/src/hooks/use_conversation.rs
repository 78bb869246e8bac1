//! The transcript, and the request that its running turn needs.

use mfe_ask_api::Answer;
use shared_ui::hooks::use_host;
use web_sys::AbortController;
use yew::{platform::spawn_local, prelude::*};

use crate::{
    client::{self, Heard},
    handover::Handover,
    saved::Saved,
    segments, session,
    transcript::{Action, Transcript},
};

/// Returns the conversation of this tab. While a turn runs, its request does; the request ends when the
/// turn does, for whatever reason. A finished answer is announced once, whole. What another version has
/// handed over, on the first rendering only, counts for more than what the tab remembers.
#[hook]
pub(crate) fn use_conversation(restored: Option<Handover>) -> UseReducerHandle<Transcript> {
    let host = use_host();
    let transcript = use_reducer_eq(Transcript::default);
    {
        let dispatcher = transcript.dispatcher();
        use_effect_with((), move |()| {
            let remembered = || session::value::<Saved>(session::CONVERSATION)?.recall(false);
            if let Some(action) = restored.and_then(Handover::resume).or_else(remembered) {
                dispatcher.dispatch(action);
            }
        });
    }
    {
        let transcript = transcript.clone();
        use_effect_with(transcript.running(), move |run| {
            let controller = AbortController::new().ok();
            if let Some((run, request)) = run.zip(transcript.request()) {
                let signal = controller.as_ref().map(AbortController::signal);
                let dispatcher = transcript.dispatcher();
                spawn_local(async move {
                    let hear = |heard| {
                        if let Heard::Answered(answer) = &heard {
                            host.announce(&spoken(answer));
                        }
                        dispatcher.dispatch(Action::Heard { run, heard });
                    };
                    client::generate(&host, &request, signal.as_ref(), hear).await;
                });
            }
            move || {
                if let Some(controller) = controller {
                    controller.abort();
                }
            }
        });
    }
    {
        // Between answers only, and never over what has not been recalled yet.
        let settled =
            (transcript.running().is_none() && transcript.touched()).then(|| transcript.clone());
        use_effect_with(
            settled.as_ref().map(|transcript| transcript.turns().to_vec()),
            move |_| {
                if let Some(transcript) = settled {
                    session::keep_value(session::CONVERSATION, &Saved::of(&transcript));
                }
            },
        );
    }
    transcript
}

fn spoken(answer: &Answer) -> String {
    match &answer.refusal {
        Some(refusal) => refusal.message.clone(),
        None => {
            let count = answer.sources.len().to_string();
            let sources = if answer.sources.len() == 1 { " source." } else { " sources." };
            [segments::words(&answer.answer).as_str(), " ", &count, sources].concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::{Answer, Confidence, Mode, Refusal, Source};

    use super::spoken;

    #[test]
    fn an_answer_is_spoken_without_marks_and_with_its_number_of_sources() {
        let source = Source {
            id: "a".to_owned(),
            title: String::new(),
            client: String::new(),
            score: 1.0,
            quotes: Vec::new(),
        };
        let mut answer = Answer {
            conversation_id: String::new(),
            message_id: String::new(),
            answer: "It ended. [1]".to_owned(),
            sources: vec![source.clone()],
            mode: Mode::Extractive,
            confidence: Confidence::High,
            refusal: None,
        };
        assert_eq!(spoken(&answer), "It ended. 1 source.");
        answer.sources.push(source);
        assert_eq!(spoken(&answer), "It ended. 2 sources.");
        answer.refusal = Some(Refusal {
            kind: "no_match".to_owned(),
            message: "Nothing answers that.".to_owned(),
            suggestions: Vec::new(),
        });
        assert_eq!(spoken(&answer), "Nothing answers that.");
    }
}

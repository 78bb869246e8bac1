//! What another version of this remote gets when it takes this one's place in an open page.
//!
//! Not here: the conversation. The address names it, and the service has it.

use shared_ui::hooks::{lean::State, use_restored_value, use_save_value};
use yew::prelude::*;

use crate::{client::body, transcript::Transcript, wire};

/// The state that is handed over.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Handover {
    /// The question that is being written.
    pub(crate) draft: String,
    /// A question that the service has not taken yet: its request goes with the version that made it.
    pub(crate) asking: String,
}

impl Handover {
    /// Returns the state of the page.
    fn of(transcript: &Transcript, draft: &str) -> Self {
        let asking = transcript.running().filter(|turn| turn.answer.message_id.is_empty());
        Self {
            draft: draft.to_owned(),
            asking: asking.map(|turn| turn.question.to_string()).unwrap_or_default(),
        }
    }
}

/// Returns what was handed over, on the first rendering only.
#[hook]
pub(crate) fn use_handover() -> Handover {
    let value = use_restored_value();
    value.map(|value| wire::handover(&value)).unwrap_or_default()
}

/// Hands over what is on the page.
#[hook]
pub(crate) fn use_hand_over(transcript: &State<Transcript>, draft: &AttrValue) {
    let (transcript, draft) = (transcript.clone(), draft.clone());
    use_save_value(move || {
        let Handover { draft, asking } = Handover::of(&transcript, &draft);
        body(&[("draft", &draft), ("asking", &asking)])
    });
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use yew::Reducible;

    use super::Handover;
    use crate::{
        client::Heard,
        transcript::{Action, Transcript},
    };

    #[test]
    fn what_the_service_has_not_taken_is_asked_by_the_next_version() {
        let asked = Action::Asked { question: "Why?".into(), from_story: None };
        let asked = Rc::new(Transcript::default()).reduce(asked);
        let handover = Handover::of(&asked, "And");
        assert_eq!((&*handover.draft, &*handover.asking), ("And", "Why?"));

        let heard = Heard::Began { conversation: "c-1".to_owned(), message: "m-1".to_owned() };
        let began = Rc::clone(&asked).reduce(Action::Heard { run: 1, heard });
        assert_eq!(Handover::of(&began, "").asking, "");
    }
}

//! What another version of this remote gets when it takes this one's place in an open page.
//!
//! Not here: the conversation. The address names it, and the service has it.

use serde::{Deserialize, Serialize};

use crate::transcript::Transcript;

/// The state that is handed over.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Handover {
    /// The question that is being written.
    pub(crate) draft: String,
    /// A question that the service has not taken yet: its request goes with the version that made it.
    pub(crate) asking: String,
}

impl Handover {
    /// Returns the state of the page.
    pub(crate) fn of(transcript: &Transcript, draft: &str) -> Self {
        let asking = transcript.running().filter(|turn| turn.answer.message_id.is_empty());
        Self {
            draft: draft.to_owned(),
            asking: asking.map(|turn| turn.question.to_string()).unwrap_or_default(),
        }
    }
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
        let text = serde_json::to_string(&handover).unwrap();
        assert_eq!(serde_json::from_str::<Handover>(&text).unwrap(), handover);

        let heard = Heard::Began { conversation: "c-1".to_owned(), message: "m-1".to_owned() };
        let began = Rc::clone(&asked).reduce(Action::Heard { run: 1, heard });
        assert_eq!(Handover::of(&began, "").asking, "");
    }

    #[test]
    fn less_and_more_than_is_known_is_taken_as_far_as_it_goes() {
        let other: Handover = serde_json::from_str(r#"{"running":true,"draft":"a"}"#).unwrap();
        assert_eq!(other, Handover { draft: "a".to_owned(), asking: String::new() });
    }
}

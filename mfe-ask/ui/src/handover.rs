//! What another version of this remote gets when it takes this one's place in an open page.

use serde::{Deserialize, Serialize};

use crate::{
    saved::Saved,
    transcript::{Action, Transcript},
};

/// The state that is handed over.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Handover {
    /// The question that is being written.
    pub(crate) draft: String,
    conversation: Saved,
    /// The last turn's answer was on its way: its request goes with the version that made it.
    running: bool,
}

impl Handover {
    /// Returns the state of the page.
    pub(crate) fn of(transcript: &Transcript, draft: &str) -> Self {
        Self {
            draft: draft.to_owned(),
            conversation: Saved::whole(transcript),
            running: transcript.running().is_some(),
        }
    }

    /// Returns the action that brings the conversation back, `None` when there is nothing: an answer that
    /// was on its way is asked for once more, in its place.
    pub(crate) fn resume(self) -> Option<Action> {
        self.conversation.recall(self.running)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use yew::Reducible;

    use super::Handover;
    use crate::{
        client::Heard,
        transcript::{Action, Phase, Transcript},
    };

    fn after(actions: impl IntoIterator<Item = Action>) -> Rc<Transcript> {
        actions.into_iter().fold(Rc::new(Transcript::default()), Reducible::reduce)
    }

    fn asked(question: &'static str) -> Action {
        Action::Asked { question: question.into(), from_story: Some("ledger".into()) }
    }

    fn heard(run: u32, heard: Heard) -> Action {
        Action::Heard { run, heard }
    }

    fn through_json(handover: &Handover) -> Handover {
        let text = serde_json::to_string(handover).unwrap();
        let back = serde_json::from_str(&text).unwrap();
        assert_eq!(*handover, back, "{text}");
        back
    }

    #[test]
    fn an_answer_on_its_way_is_asked_for_again_in_its_place() {
        let before = after([
            asked("Why?"),
            Action::Stopped,
            asked("How?"),
            heard(2, Heard::Began("c-1".to_owned())),
            heard(2, Heard::Said("Half an".to_owned())),
        ]);
        let handover = through_json(&Handover::of(&before, "And then"));
        assert_eq!(handover.draft, "And then");
        let now = after(handover.resume());
        let [first, second] = now.turns() else { panic!("two turns") };
        assert_eq!((&*first.question, &first.phase), ("Why?", &Phase::Stopped));
        assert_eq!((&*second.question, second.text.as_str()), ("How?", ""));
        assert_eq!(now.running(), Some(second.run));
        let request = now.request().unwrap();
        assert_eq!(request.conversation_id.as_deref(), Some("c-1"));
        assert_eq!(request.from_story.as_deref(), Some("ledger"));
    }

    #[test]
    fn what_was_stopped_stays_stopped_with_its_words() {
        let said = heard(1, Heard::Said("Half".to_owned()));
        let before = after([asked("Why?"), said, Action::Stopped]);
        let now = after(through_json(&Handover::of(&before, "")).resume());
        assert_eq!((now.turns()[0].text.as_str(), now.running()), ("Half", None));
        assert_eq!(now.turns()[0].phase, Phase::Stopped);
    }

    #[test]
    fn a_page_without_conversation_or_of_another_version_brings_back_nothing() {
        let empty = Handover::of(&Transcript::default(), "Why");
        assert!(through_json(&empty).resume().is_none());
        let old: Handover = serde_json::from_str(r#"{"running":true,"mood":"good"}"#).unwrap();
        assert!(old.resume().is_none());
    }
}

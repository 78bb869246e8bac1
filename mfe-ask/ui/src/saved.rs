//! A conversation as it survives a reload or a visit to a source: the turns that have an answer; and as
//! another version takes it over, whole.
//!
//! Where it is kept: `session`, and the host between two versions.

use mfe_ask_api::{Confidence, Refusal, Source};
use serde::{Deserialize, Serialize};

use crate::transcript::{Action, Phase, Transcript, Turn};

/// The kept form of a [`Transcript`].
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Saved {
    conversation: Option<String>,
    turns: Vec<SavedTurn>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct SavedTurn {
    question: String,
    text: String,
    sources: Vec<Source>,
    confidence: Confidence,
    refusal: Option<Refusal>,
    /// There was no answer, or only its beginning.
    #[serde(default)]
    unfinished: bool,
    #[serde(default)]
    from_story: Option<String>,
}

impl Saved {
    /// Returns what is worth keeping.
    pub(crate) fn of(transcript: &Transcript) -> Self {
        let Self { conversation, mut turns } = Self::whole(transcript);
        turns.retain(|turn| !turn.unfinished);
        Self { conversation, turns }
    }

    /// Returns every turn; those without an answer will be stopped ones, to be asked again.
    pub(crate) fn whole(transcript: &Transcript) -> Self {
        Self {
            conversation: transcript.conversation().map(str::to_owned),
            turns: transcript.turns().iter().map(|turn| keep(turn)).collect(),
        }
    }

    /// Returns the action that brings it back, and asks the last question `again`; `None` when there is
    /// nothing.
    pub(crate) fn recall(self, again: bool) -> Option<Action> {
        let Self { conversation, turns } = self;
        let turns: Vec<_> = turns.into_iter().map(bring_back).collect();
        (!turns.is_empty()).then_some(Action::Recalled { conversation, turns, again })
    }
}

fn keep(turn: &Turn) -> SavedTurn {
    let (confidence, refusal, unfinished) = match &turn.phase {
        Phase::Answered(confidence) => (*confidence, None, false),
        Phase::Refused(refusal) => (Confidence::None, Some(refusal.clone()), false),
        Phase::Running | Phase::Stopped | Phase::Failed(_) => (Confidence::None, None, true),
    };
    SavedTurn {
        question: turn.question.to_string(),
        text: turn.text.clone(),
        sources: turn.sources.to_vec(),
        confidence,
        refusal,
        unfinished,
        from_story: turn.from_story.as_ref().map(ToString::to_string),
    }
}

fn bring_back(turn: SavedTurn) -> Turn {
    let SavedTurn { question, text, sources, confidence, refusal, unfinished, from_story } = turn;
    let phase = match refusal {
        Some(refusal) => Phase::Refused(refusal),
        None if unfinished => Phase::Stopped,
        None => Phase::Answered(confidence),
    };
    Turn {
        run: 0,
        question: question.into(),
        from_story: from_story.map(Into::into),
        text,
        sources: sources.into(),
        phase,
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_ask_api::{Answer, Confidence, Mode};
    use yew::Reducible;

    use super::Saved;
    use crate::{
        client::Heard,
        transcript::{Action, Transcript},
    };

    fn asked(question: &'static str) -> Action {
        Action::Asked { question: question.into(), from_story: None }
    }

    #[test]
    fn finished_turns_come_back_and_unfinished_ones_do_not() {
        let answer = Answer {
            conversation_id: "c-1".to_owned(),
            message_id: "m-1".to_owned(),
            answer: "Because. [1]".to_owned(),
            sources: Vec::new(),
            mode: Mode::Extractive,
            confidence: Confidence::Low,
            refusal: None,
        };
        let done = Action::Heard { run: 1, heard: Heard::Answered(Box::new(answer)) };
        let first = Rc::new(Transcript::default()).reduce(asked("Why?")).reduce(done);
        let both = Rc::clone(&first).reduce(asked("How?"));

        let saved = Saved::of(&both);
        assert_eq!(saved, Saved::of(&first));
        let recalled = Rc::new(Transcript::default()).reduce(saved.recall(false).unwrap());
        assert_eq!(recalled.turns(), first.turns());
        assert_eq!(recalled.conversation(), Some("c-1"));
    }

    #[test]
    fn an_empty_conversation_is_not_recalled() {
        assert!(Saved::of(&Transcript::default()).recall(false).is_none());
    }
}

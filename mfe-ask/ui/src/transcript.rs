//! The conversation on the page: what was asked, what came back, and what is still coming.
//!
//! Pure: who asks the service and when to stop is `hooks::use_conversation`'s, which follows
//! [`Transcript::running`].

use std::rc::Rc;

use contract::Problem;
use mfe_ask_api::{Answer, Confidence, Question, Refusal, Source};
use yew::{AttrValue, Reducible};

use crate::client::Heard;

/// A question and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Turn {
    /// Counts the requests of this page, so that nothing of an earlier one is taken for this.
    pub(crate) run: u32,
    /// As it was sent.
    pub(crate) question: AttrValue,
    /// The story that it was about.
    pub(crate) from_story: Option<AttrValue>,
    /// The answer, as far as it has come.
    pub(crate) text: String,
    /// In the order of their marks.
    pub(crate) sources: Rc<[Source]>,
    /// How far it has come.
    pub(crate) phase: Phase,
}

/// How far an answer has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// On its way.
    Running,
    /// Whole.
    Answered(Confidence),
    /// The stories do not answer it.
    Refused(Refusal),
    /// The reader wanted no more of it.
    Stopped,
    /// It did not come, or broke off.
    Failed(Problem),
}

/// The conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Transcript {
    turns: Vec<Rc<Turn>>,
    conversation: Option<String>,
    runs: u32,
    /// Turns up to this run come from an earlier visit.
    recalled: u32,
}

/// What can happen to it.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// A question is asked; one that still runs is stopped.
    Asked { question: AttrValue, from_story: Option<AttrValue> },
    /// The last question is asked once more.
    AskedAgain { from_story: Option<AttrValue> },
    /// The service said something in answer to a request.
    Heard { run: u32, heard: Heard },
    /// The reader has enough.
    Stopped,
    /// A new conversation begins.
    Cleared,
    /// An earlier visit's conversation goes on, maybe by asking its last question `again`.
    Recalled { conversation: Option<String>, turns: Vec<Turn>, again: bool },
}

impl Transcript {
    /// Returns the turns, oldest first.
    pub(crate) fn turns(&self) -> &[Rc<Turn>] {
        &self.turns
    }

    /// Returns the conversation's id once the service has given it one.
    pub(crate) fn conversation(&self) -> Option<&str> {
        self.conversation.as_deref()
    }

    /// Tells whether anything has ever been asked, recalled or cleared on this visit.
    pub(crate) fn touched(&self) -> bool {
        self.runs > 0
    }

    /// Returns the last turn if it was asked on this visit.
    pub(crate) fn live(&self) -> Option<&Turn> {
        self.turns.last().map(AsRef::as_ref).filter(|turn| turn.run > self.recalled)
    }

    /// Returns the run whose answer is on its way.
    pub(crate) fn running(&self) -> Option<u32> {
        self.live().filter(|turn| turn.phase == Phase::Running).map(|turn| turn.run)
    }

    /// Returns what to send for the turn that is running.
    pub(crate) fn request(&self) -> Option<Question> {
        let turn = self.live().filter(|turn| turn.phase == Phase::Running)?;
        Some(Question {
            question: turn.question.to_string(),
            conversation_id: self.conversation.clone(),
            from_story: turn.from_story.as_ref().map(ToString::to_string),
            ..Question::default()
        })
    }

    /// Returns a story's title, if an answer has rested on it.
    pub(crate) fn title_of(&self, id: &str) -> Option<&str> {
        let mut sources = self.turns.iter().flat_map(|turn| turn.sources.iter());
        sources.find(|source| source.id == id).map(|source| source.title.as_str())
    }

    fn ask(&mut self, question: AttrValue, from_story: Option<AttrValue>) {
        self.runs += 1;
        let turn = Turn {
            run: self.runs,
            question,
            from_story,
            text: String::new(),
            sources: Rc::new([]),
            phase: Phase::Running,
        };
        self.turns.push(Rc::new(turn));
    }

    /// Changes the last turn if it is still running.
    fn while_running(&mut self, change: impl FnOnce(&mut Turn)) {
        if let Some(turn) = self.turns.last_mut().filter(|turn| turn.phase == Phase::Running) {
            change(Rc::make_mut(turn));
        }
    }

    fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Began(id) => self.conversation = Some(id),
            Heard::Said(text) => self.while_running(|turn| turn.text.push_str(&text)),
            Heard::Cited(sources) => self.while_running(|turn| turn.sources = sources.into()),
            Heard::Answered(answer) => {
                let Answer { conversation_id, answer: text, sources, confidence, refusal, .. } =
                    *answer;
                self.conversation = Some(conversation_id);
                self.while_running(|turn| {
                    turn.text = text;
                    turn.sources = sources.into();
                    turn.phase = refusal.map_or(Phase::Answered(confidence), Phase::Refused);
                });
            }
            Heard::Failed(problem) => {
                self.while_running(|turn| turn.phase = Phase::Failed(problem));
            }
        }
    }
}

impl Reducible for Transcript {
    type Action = Action;

    fn reduce(mut self: Rc<Self>, action: Action) -> Rc<Self> {
        let this = Rc::make_mut(&mut self);
        match action {
            Action::Asked { question, from_story } => {
                this.while_running(|turn| turn.phase = Phase::Stopped);
                this.ask(question, from_story);
            }
            Action::AskedAgain { from_story } => {
                if let Some(turn) = this.turns.pop() {
                    this.ask(turn.question.clone(), from_story);
                }
            }
            Action::Heard { run, heard } => {
                // A stopped request may still have something under way.
                if this.running() == Some(run) {
                    this.hear(heard);
                }
            }
            Action::Stopped => this.while_running(|turn| turn.phase = Phase::Stopped),
            // Runs are never counted anew: late words of before must not fit a turn of after.
            Action::Cleared => *this = Self { runs: this.runs, ..Self::default() },
            Action::Recalled { conversation, turns, again } => {
                this.conversation = conversation;
                this.turns = turns.into_iter().map(Rc::new).collect();
                for turn in &mut this.turns {
                    this.runs += 1;
                    Rc::make_mut(turn).run = this.runs;
                }
                this.recalled = this.runs;
                if again && let Some(turn) = this.turns.pop() {
                    this.ask(turn.question.clone(), turn.from_story.clone());
                }
            }
        }
        self
    }
}

#[cfg(test)]
mod tests;

//! The conversation on the page: what was asked, what came back, and what is still coming.
//!
//! Pure: who asks the service and when to stop is `hooks`', which follow [`Transcript::running`] and
//! [`Transcript::recalling`].

use std::rc::Rc;

use contract::Problem;
use mfe_ask_api::{Answer, Confidence, Mode};
use yew::{AttrValue, Reducible};

use crate::client::{Asking, Heard};

/// A question and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Turn {
    /// Counts what happens on this page, so that nothing of an earlier request is taken for this.
    pub(crate) run: u32,
    /// As it was sent.
    pub(crate) question: AttrValue,
    /// The story that it was about.
    pub(crate) from_story: Option<AttrValue>,
    /// As far as it has come.
    pub(crate) answer: Answer,
    /// How far that is.
    pub(crate) phase: Phase,
    /// What the person said of the answer on an earlier visit.
    pub(crate) helpful: Option<bool>,
}

/// How far an answer has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// On its way.
    Running,
    /// On its way to somebody else: another tab, or this one before it was loaded anew.
    Elsewhere,
    /// Whole: an answer or a refusal.
    Done,
    /// The reader wanted no more of it.
    Stopped,
    /// It did not come, or broke off.
    Failed(Problem),
}

/// The conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Transcript {
    /// What was fetched from further back. By itself, because new words must not touch it.
    older: Rc<Vec<Rc<Turn>>>,
    turns: Vec<Rc<Turn>>,
    conversation: Option<String>,
    earlier: Option<String>,
    recalling: Option<Recalling>,
    problem: Option<Problem>,
    runs: u32,
    news: u32,
    /// Turns up to this run come from an earlier visit.
    recalled: u32,
    read_only: bool,
}

/// A stretch of the conversation that is being fetched.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recalling {
    /// As in [`Turn::run`].
    pub(crate) run: u32,
    /// Whose.
    pub(crate) conversation: String,
    /// Where it ends; the newest where nothing is said.
    pub(crate) before: Option<String>,
}

/// Some turns that follow each other. Their runs are given here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stretch {
    /// Oldest first.
    pub(crate) turns: Vec<Turn>,
    /// Where to go on for what was before; `None` at the beginning.
    pub(crate) earlier: Option<String>,
    /// It is of somebody else's conversation.
    pub(crate) read_only: bool,
}

/// What can happen to it.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The address names a conversation, or none.
    Opened(Option<String>),
    /// A question is asked; one that still runs is stopped.
    Asked { question: AttrValue, from_story: Option<AttrValue> },
    /// A question whose answer is missing is asked once more, in its place.
    AskedAgain(u32),
    /// The service said something in answer to a request.
    Heard { run: u32, heard: Heard },
    /// The reader has enough.
    Stopped,
    /// Others may have gone on with it.
    Refreshed,
    /// The reader wants to see what was before.
    Earlier,
    /// A stretch has come.
    Recalled { run: u32, stretch: Stretch },
    /// A stretch has not come.
    NotRecalled { run: u32, problem: Problem },
}

impl Transcript {
    /// Returns the turns that were fetched from further back, oldest first.
    pub(crate) fn older(&self) -> &Rc<Vec<Rc<Turn>>> {
        &self.older
    }

    /// Returns the newest turns, oldest first.
    pub(crate) fn turns(&self) -> &[Rc<Turn>] {
        &self.turns
    }

    /// Returns the conversation's id once the service has given it one.
    pub(crate) fn conversation(&self) -> Option<&str> {
        self.conversation.as_deref()
    }

    /// Tells whether there is something before the first turn.
    pub(crate) fn has_earlier(&self) -> bool {
        self.earlier.is_some()
    }

    /// Tells whether it is somebody else's, who shares it.
    pub(crate) fn read_only(&self) -> bool {
        self.read_only
    }

    /// Returns the stretch that is being fetched.
    pub(crate) fn recalling(&self) -> Option<&Recalling> {
        self.recalling.as_ref()
    }

    /// Returns why a stretch could not be fetched.
    pub(crate) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// Counts what changes the list of conversations.
    pub(crate) fn news(&self) -> u32 {
        self.news
    }

    /// Returns the last turn if it was asked on this visit.
    pub(crate) fn live(&self) -> Option<&Turn> {
        self.turns.last().map(AsRef::as_ref).filter(|turn| turn.run > self.recalled)
    }

    /// Returns the turn whose answer is on its way.
    pub(crate) fn running(&self) -> Option<&Rc<Turn>> {
        self.turns.iter().rev().find(|turn| turn.is_running())
    }

    /// Returns what to send for the turn that is running.
    pub(crate) fn request(&self) -> Option<Asking> {
        let turn = self.running()?;
        Some(Asking {
            question: turn.question.clone(),
            conversation: self.conversation.clone().unwrap_or_default(),
            from_story: turn.from_story.clone().unwrap_or_default(),
            retry: turn.answer.message_id.clone(),
        })
    }

    /// Tells whether an answer is made for somebody else, so that it is worth looking again.
    pub(crate) fn is_made_elsewhere(&self) -> bool {
        self.turns.last().is_some_and(|turn| turn.phase == Phase::Elsewhere)
    }

    /// Returns a story's title, if an answer has rested on it.
    pub(crate) fn title_of(&self, id: &str) -> Option<&str> {
        let mut sources = self.turns.iter().flat_map(|turn| &turn.answer.sources);
        sources.find(|source| source.id == id).map(|source| source.title.as_str())
    }

    fn next_run(&mut self) -> u32 {
        self.runs += 1;
        self.runs
    }

    /// Changes the turn that is running.
    fn while_running(&mut self, change: impl FnOnce(&mut Turn)) {
        if let Some(turn) = self.turns.iter_mut().rev().find(|turn| turn.is_running()) {
            change(Rc::make_mut(turn));
        }
    }

    fn stop(&mut self) {
        self.while_running(|turn| turn.phase = Phase::Stopped);
    }

    fn hear(&mut self, heard: Heard) {
        let ends = matches!(heard, Heard::Answered(_) | Heard::Failed(_));
        if let Heard::Began { conversation, .. } = &heard {
            self.news += u32::from(self.conversation.is_none());
            self.conversation = Some(conversation.clone());
        }
        self.news += u32::from(ends);
        self.while_running(|turn| {
            let answer = &mut turn.answer;
            match heard {
                Heard::Began { message, .. } => {
                    *answer = nothing();
                    answer.message_id = message;
                    turn.phase = Phase::Running;
                }
                Heard::Said(text) => {
                    answer.answer.push_str(&text);
                    turn.phase = Phase::Running;
                }
                Heard::Cited(cited) => {
                    answer.sources = cited.sources;
                    answer.sentences = cited.sentences;
                }
                Heard::Answered(whole) => {
                    *answer = *whole;
                    turn.phase = if answer.stopped { Phase::Stopped } else { Phase::Done };
                }
                Heard::Failed(problem) => turn.phase = Phase::Failed(problem),
            }
        });
    }

    /// Asks for a stretch, unless one is on its way or an answer is.
    fn recall(&mut self, before: Option<String>) {
        if self.recalling.is_none()
            && self.running().is_none()
            && let Some(conversation) = self.conversation.clone()
        {
            let run = self.next_run();
            self.recalling = Some(Recalling { run, conversation, before });
        }
    }

    /// Puts a stretch in its place. What is known already stays as it is, with its run.
    fn put(&mut self, before: bool, stretch: Stretch) {
        let Stretch { turns, earlier, read_only } = stretch;
        self.read_only = read_only;
        let mut first = None;
        let mut placed = Vec::with_capacity(turns.len());
        for mut turn in turns {
            let id = &turn.answer.message_id;
            let place = self.turns.iter().position(|known| known.answer.message_id == *id);
            let known = place.and_then(|at| self.turns.get(at)).cloned();
            if placed.is_empty() {
                first = place;
            }
            turn.run = known.as_ref().map_or_else(|| self.next_run(), |known| known.run);
            placed.push(known.filter(|known| **known == turn).unwrap_or_else(|| Rc::new(turn)));
        }
        if before {
            Rc::make_mut(&mut self.older).splice(0..0, placed);
            self.earlier = earlier;
            return;
        }
        match first {
            Some(first) => self.turns.truncate(first),
            None => {
                self.turns.clear();
                self.older = Rc::default();
                self.earlier = earlier;
            }
        }
        self.turns.extend(placed);
        self.recalled = self.runs;
    }
}

impl Turn {
    /// Tells whether this page waits for it.
    pub(crate) fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }
}

/// The answer of which nothing has come yet.
pub(crate) fn nothing() -> Answer {
    Answer {
        conversation_id: String::new(),
        message_id: String::new(),
        answer: String::new(),
        sentences: Vec::new(),
        sources: Vec::new(),
        mode: Mode::Extractive,
        degraded: false,
        missing: Vec::new(),
        stopped: false,
        confidence: Confidence::High,
        understood: None,
        refusal: None,
    }
}

impl Reducible for Transcript {
    type Action = Action;

    fn reduce(mut self: Rc<Self>, action: Action) -> Rc<Self> {
        let this = Rc::make_mut(&mut self);
        match action {
            Action::Opened(conversation) => {
                if conversation != this.conversation {
                    // Runs are never counted anew: late words of before must not fit a turn of after.
                    *this =
                        Self { runs: this.runs, news: this.news, conversation, ..Self::default() };
                    this.recall(None);
                }
            }
            Action::Asked { question, from_story } => {
                this.stop();
                let run = this.next_run();
                let (answer, phase) = (nothing(), Phase::Running);
                let turn = Turn { run, question, from_story, answer, phase, helpful: None };
                this.turns.push(Rc::new(turn));
            }
            Action::AskedAgain(run) => {
                this.stop();
                let new = this.next_run();
                if let Some(turn) = this.turns.iter_mut().find(|turn| turn.run == run) {
                    let turn = Rc::make_mut(turn);
                    turn.run = new;
                    turn.phase = Phase::Running;
                    let message_id = std::mem::take(&mut turn.answer.message_id);
                    turn.answer = Answer { message_id, ..nothing() };
                }
            }
            Action::Heard { run, heard } => {
                // A stopped request may still have something under way.
                if this.running().is_some_and(|turn| turn.run == run) {
                    this.hear(heard);
                }
            }
            Action::Stopped => this.stop(),
            Action::Refreshed => {
                this.news += 1;
                this.recall(None);
            }
            Action::Earlier => {
                if let Some(before) = this.earlier.clone() {
                    this.recall(Some(before));
                }
            }
            Action::Recalled { run, stretch } => {
                if let Some(recalling) = this.recalling.take_if(|it| it.run == run)
                    && this.running().is_none()
                {
                    this.problem = None;
                    this.put(recalling.before.is_some(), stretch);
                }
            }
            Action::NotRecalled { run, problem } => {
                if this.recalling.take_if(|it| it.run == run).is_some() {
                    this.problem = Some(problem);
                }
            }
        }
        self
    }
}

#[cfg(test)]
mod tests;

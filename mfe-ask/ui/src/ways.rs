//! What can be done from everywhere on the page.

use std::{cell::RefCell, ops::Deref, rc::Rc};

use mfe_ask_api::STOP;
use shared_ui::kit::Host;
use yew::prelude::*;

use crate::{
    arrival::Arrival,
    client::{body, tell},
    draft::Fit,
    transcript::Action,
};

/// Handed from part to part; cheap to clone, and the same as long as the page is there.
#[derive(Clone)]
pub(crate) struct Ways(Rc<All>);

/// What [`Ways`] holds.
pub(crate) struct All {
    pub(crate) host: Host,
    /// Changes the conversation.
    pub(crate) act: Callback<Action>,
    /// Changes the question that is being written.
    pub(crate) draft: Callback<AttrValue>,
    pub(crate) now: Rc<RefCell<Now>>,
}

impl From<All> for Ways {
    fn from(all: All) -> Self {
        Self(Rc::new(all))
    }
}

impl Deref for Ways {
    type Target = All;

    fn deref(&self) -> &All {
        &self.0
    }
}

/// What is known when something is done.
#[derive(Debug, Default)]
pub(crate) struct Now {
    /// What the address asks for; questions are about its story.
    pub(crate) arrival: Arrival,
    /// A question that is to be asked before all; empty when there is none.
    pub(crate) first: String,
    /// Id of the message that is being answered; empty when there is none.
    pub(crate) message: String,
}

impl Ways {
    /// Asks a question. A link may bring one that is longer than the service takes: that is there to be
    /// shortened.
    pub(crate) fn ask(&self, question: AttrValue) {
        if !Fit::of(&question).sendable() {
            return self.draft.emit(question);
        }
        self.end();
        let from_story = self.now.borrow().arrival.story.clone();
        self.act.emit(Action::Asked { question, from_story });
    }

    /// Stops the answer that is being made; it is kept as far as it got.
    pub(crate) fn stop(&self) {
        self.end();
        self.act.emit(Action::Stopped);
        self.host.announce("Stopped.");
    }

    /// Ends the work on the server.
    fn end(&self) {
        let message = &self.now.borrow().message;
        if !message.is_empty() {
            let body = body(&[("message_id", message)]);
            // What fails to stop ends by itself.
            tell(&self.host, "POST", STOP.to_owned(), Some(body), Callback::noop());
        }
    }
}

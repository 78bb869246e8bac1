//! Doing what the address asks for.

use shared_ui::{
    hooks::{lean::use_effect_with, use_host, use_location},
    kit::NavigateMode,
};
use yew::prelude::*;

use crate::{arrival::Arrival, transcript::Action, ways::Ways};

/// Opens the conversation that the address names, asks each question that it brings once, which is taken out of
/// it, and returns what stays there. `first` is a question that is to be asked before all, if not empty.
#[hook]
pub(crate) fn use_arrival(ways: &Ways, first: String) -> Arrival {
    let first = use_mut_ref(|| first);
    let ways = ways.clone();
    let host = use_host();
    let location = use_location();
    let own = use_mut_ref(Arrival::default);
    // Another page's location may arrive just before this one is taken off: it asks for nothing.
    if let Some(arrival) = Arrival::of(&location) {
        *own.borrow_mut() = arrival;
    }
    let arrival = own.borrow().clone();
    use_effect_with(arrival.clone(), move |arrival| {
        let Arrival { conversation, question, story } = arrival;
        ways.act.emit(Action::Opened(conversation.clone()));
        ways.now.borrow_mut().story.clone_from(story);
        let first = first.take();
        if !first.is_empty() {
            ways.ask(first.into());
        }
        if let Some(question) = question {
            let settled = Arrival::settled(conversation.as_deref(), story.as_deref());
            host.navigate(&settled, NavigateMode::Replace);
            ways.ask(question.clone());
        }
    });
    arrival
}

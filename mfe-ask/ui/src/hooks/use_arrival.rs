//! Doing what the address asks for.

use shared_ui::{
    hooks::{lean::use_effect_with, use_host, use_location},
    kit::NavigateMode,
};
use yew::prelude::*;

use crate::{arrival::Arrival, transcript::Action, ways::Ways};

/// Opens the conversation that the address names, asks each question that it brings once, which is taken out of
/// it, and returns what stays there.
#[hook]
pub(crate) fn use_arrival(ways: &Ways) -> Arrival {
    let ways = ways.clone();
    let host = use_host();
    let location = use_location();
    // Another page's location may arrive just before this one is taken off: it asks for nothing.
    if let Some(arrival) = Arrival::of(&location) {
        ways.now.borrow_mut().arrival = arrival;
    }
    let arrival = ways.now.borrow().arrival.clone();
    use_effect_with(arrival.clone(), move |arrival| {
        let Arrival { conversation, question, story } = arrival;
        ways.act.emit(Action::Opened(conversation.clone()));
        let first = std::mem::take(&mut ways.now.borrow_mut().first);
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

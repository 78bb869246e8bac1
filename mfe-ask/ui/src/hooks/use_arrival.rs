//! Doing what the address asks for.

use shared_ui::{
    hooks::{use_host, use_location},
    kit::NavigateMode,
};
use yew::prelude::*;

use crate::{
    arrival::Arrival,
    transcript::{Action, Transcript},
};

/// Opens the conversation that the address names, calls `on_question` once for each question that it
/// brings, which is taken out of it, and returns what stays there.
#[hook]
pub(crate) fn use_arrival(
    dispatcher: UseReducerDispatcher<Transcript>,
    on_question: Callback<AttrValue>,
) -> Arrival {
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
        dispatcher.dispatch(Action::Opened(conversation.clone()));
        if let Some(question) = question {
            let settled = Arrival::settled(conversation.as_deref(), story.as_deref());
            host.navigate(&settled, NavigateMode::Replace);
            on_question.emit(question.clone());
        }
    });
    arrival
}

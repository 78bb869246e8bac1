//! Doing what the address asks for.

use shared_ui::{
    hooks::{use_host, use_location},
    kit::NavigateMode,
};
use yew::prelude::*;

use crate::arrival::Arrival;

/// Calls `on_question` once for each question that the address brings, takes it out of the address,
/// and returns the story that stays there.
#[hook]
pub(crate) fn use_arrival(
    on_question: impl Fn(AttrValue, Option<AttrValue>) + 'static,
) -> Option<AttrValue> {
    let host = use_host();
    let arrival = Arrival::of(&use_location());
    let story = arrival.story.clone();
    use_effect_with(arrival, move |arrival| {
        if let Some(question) = &arrival.question {
            host.navigate(&Arrival::settled(arrival.story.as_deref()), NavigateMode::Replace);
            on_question(question.clone(), arrival.story.clone());
        }
    });
    story
}

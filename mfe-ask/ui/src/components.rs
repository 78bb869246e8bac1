//! The parts of the page, one a file; their rules are in `ask.css`, in this order. Most are plain functions
//! from data to markup: a component costs a bundle about 600 bytes (brotli) for its copy of Yew's machinery.

mod answer_text;
mod composer;
mod conversations;
mod glyph;
mod judging;
mod landing;
mod missing;
mod pinned_story;
mod questions;
mod reading;
mod refused;
mod sources;
mod turn_view;
mod turns;
mod view;

pub(crate) use composer::{Composing, composer};
pub(crate) use conversations::{Conversations, conversations};
pub(crate) use landing::landing;
pub(crate) use missing::missing;
pub(crate) use pinned_story::pinned_story;
pub(crate) use reading::reading;
pub(crate) use turns::{older, show};

#[cfg(test)]
pub(crate) mod tests {
    //! What the tests of the parts show, and how.

    use std::rc::Rc;

    use mfe_ask_api::{Answer, Sentence, Source, Standing};
    use shared_ui::kit::Host;
    pub(crate) use shared_ui::testing::render;
    use yew::Callback;

    use crate::{
        transcript::{Phase, Turn, nothing},
        ways::{All, Ways},
    };

    pub(crate) fn ways() -> Ways {
        let (act, draft) = (Callback::noop(), Callback::noop());
        All { host: Host::fixed("/ask"), act, draft, now: Rc::default() }.into()
    }

    pub(crate) fn source(id: &str) -> Source {
        Source {
            id: id.to_owned(),
            title: ["The ", id].concat(),
            client: "Northbank".to_owned(),
            role: "Director".to_owned(),
            summary: "It was led.".to_owned(),
            score: 0.0,
            quotes: vec!["It ended <early>.".to_owned()],
            standing: Standing::Current,
        }
    }

    /// An answer with a sentence for each source.
    pub(crate) fn answer(sources: usize) -> Answer {
        let ids = ["ledger", "berths", "keys", "wards", "grids", "ports", "tills"];
        let sentence = |(at, id): (usize, &&str)| Sentence {
            text: String::new(),
            source: u32::try_from(at + 1).unwrap(),
            story: (*id).to_owned(),
            quote: ["Quote of ", id].concat(),
        };
        Answer {
            message_id: "m-1".to_owned(),
            answer: "It ended. [1]\n\nWell. [2]".to_owned(),
            sentences: ids.iter().take(sources).enumerate().map(sentence).collect(),
            sources: ids.iter().take(sources).map(|id| source(id)).collect(),
            ..nothing()
        }
    }

    pub(crate) fn turn(answer: Answer, phase: Phase) -> Rc<Turn> {
        let (question, from_story) = ("Why?".into(), None);
        Rc::new(Turn { run: 3, question, from_story, answer, phase, helpful: None })
    }
}

//! What happens to a conversation, step by step.

use std::rc::Rc;

use contract::Problem;
use mfe_ask_api::{Answer, Confidence, Mode, Refusal, Source};
use yew::Reducible;

use super::{Action, Phase, Transcript};
use crate::client::Heard;

fn after(actions: impl IntoIterator<Item = Action>) -> Rc<Transcript> {
    actions.into_iter().fold(Rc::new(Transcript::default()), Reducible::reduce)
}

fn asked(question: &'static str) -> Action {
    Action::Asked { question: question.into(), from_story: None }
}

fn heard(run: u32, heard: Heard) -> Action {
    Action::Heard { run, heard }
}

fn said(run: u32, text: &str) -> Action {
    heard(run, Heard::Said(text.to_owned()))
}

fn source() -> Source {
    Source {
        id: "ledger".to_owned(),
        title: "The Ledger".to_owned(),
        client: "Northbank".to_owned(),
        score: 1.0,
        quotes: Vec::new(),
    }
}

fn answer(refusal: Option<Refusal>) -> Heard {
    Heard::Answered(Box::new(Answer {
        conversation_id: "c-1".to_owned(),
        message_id: "m-1".to_owned(),
        answer: "The whole answer. [1]".to_owned(),
        sources: vec![source()],
        mode: Mode::Extractive,
        confidence: Confidence::High,
        refusal,
    }))
}

fn problem() -> Problem {
    Problem {
        r#type: "/problems/upstream-down".to_owned(),
        title: String::new(),
        status: 502,
        detail: String::new(),
        request_id: String::new(),
        errors: Vec::new(),
    }
}

#[test]
fn an_answer_streams_in_and_the_whole_one_replaces_it() {
    let running = after([asked("Why?"), said(1, "The "), said(1, "whole")]);
    assert_eq!(running.turns()[0].text, "The whole");
    assert_eq!(running.running(), Some(1));

    let done = running.reduce(heard(1, answer(None)));
    assert_eq!(done.turns()[0].text, "The whole answer. [1]");
    assert_eq!(done.turns()[0].phase, Phase::Answered(Confidence::High));
    assert_eq!(done.running(), None);
    assert_eq!(done.title_of("ledger"), Some("The Ledger"));
    assert_eq!(done.title_of("other"), None);
}

#[test]
fn the_next_question_goes_on_with_the_conversation() {
    let transcript = after([
        asked("Why?"),
        heard(1, Heard::Began("c-1".to_owned())),
        heard(1, answer(None)),
        Action::Asked { question: "And then?".into(), from_story: Some("ledger".into()) },
    ]);
    let request = transcript.request().unwrap();
    assert_eq!(request.question, "And then?");
    assert_eq!(request.conversation_id.as_deref(), Some("c-1"));
    assert_eq!(request.from_story.as_deref(), Some("ledger"));
}

#[test]
fn a_stopped_answer_keeps_its_words_and_takes_no_more() {
    let transcript = after([
        asked("Why?"),
        said(1, "The "),
        Action::Stopped,
        said(1, "x"),
        heard(1, answer(None)),
    ]);
    assert_eq!(transcript.turns()[0].text, "The ");
    assert_eq!(transcript.turns()[0].phase, Phase::Stopped);
    assert_eq!(transcript.request(), None);
}

#[test]
fn a_new_question_stops_the_one_before() {
    let transcript = after([asked("Why?"), asked("How?"), said(1, "late"), said(2, "fresh")]);
    let [first, second] = transcript.turns() else { panic!("two turns") };
    assert_eq!((first.text.as_str(), &first.phase), ("", &Phase::Stopped));
    assert_eq!((second.text.as_str(), &second.phase), ("fresh", &Phase::Running));
}

#[test]
fn a_failed_question_is_asked_again_in_its_place() {
    let failed = after([asked("Why?"), said(1, "The "), heard(1, Heard::Failed(problem()))]);
    assert_eq!(failed.turns()[0].phase, Phase::Failed(problem()));

    let again = failed.reduce(Action::AskedAgain { from_story: None });
    assert_eq!(again.turns().len(), 1);
    assert_eq!(again.running(), Some(2));
    assert_eq!((&*again.turns()[0].question, again.turns()[0].text.as_str()), ("Why?", ""));
}

#[test]
fn a_refusal_is_an_end_of_its_own() {
    let refusal = Refusal {
        kind: "no_match".to_owned(),
        message: "Nothing.".to_owned(),
        suggestions: Vec::new(),
    };
    let transcript = after([asked("Why?"), heard(1, answer(Some(refusal.clone())))]);
    assert_eq!(transcript.turns()[0].phase, Phase::Refused(refusal));
}

#[test]
fn words_of_a_cleared_conversation_do_not_reach_the_next() {
    let transcript = after([
        asked("Why?"),
        heard(1, Heard::Began("c-1".to_owned())),
        Action::Cleared,
        asked("How?"),
        said(1, "late"),
    ]);
    assert_eq!(transcript.turns()[0].text, "");
    assert_eq!(transcript.request().unwrap().conversation_id, None);
}

#[test]
fn a_recalled_conversation_goes_on_but_nothing_of_it_is_live() {
    let before = after([asked("Why?"), heard(1, answer(None))]);
    let turns = before.turns().iter().map(|turn| (**turn).clone()).collect();
    let conversation = before.conversation().map(str::to_owned);
    let recalled = after([Action::Recalled { conversation, turns, again: false }]);
    assert_eq!(recalled.turns(), before.turns());
    assert_eq!(recalled.live(), None);

    let next = recalled.reduce(asked("How?"));
    assert_eq!(next.running(), Some(2));
    assert_eq!(next.request().unwrap().conversation_id.as_deref(), Some("c-1"));
}

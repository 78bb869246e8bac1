use std::rc::Rc;

use contract::Problem;
use mfe_ask_api::{Answer, Sources, Standing};
use yew::Reducible;

use super::{Action, Phase, Stretch, Transcript, Turn, nothing};
use crate::{
    client::Heard,
    components::tests::{answer, source},
};

fn after(actions: impl IntoIterator<Item = Action>) -> Rc<Transcript> {
    more(&Rc::new(Transcript::default()), actions)
}

fn more(from: &Rc<Transcript>, actions: impl IntoIterator<Item = Action>) -> Rc<Transcript> {
    actions.into_iter().fold(Rc::clone(from), Reducible::reduce)
}

fn asked(question: &'static str) -> Action {
    Action::Asked { question: question.into(), from_story: Some("ledger".into()) }
}

fn heard(run: u32, heard: Heard) -> Action {
    Action::Heard { run, heard }
}

fn began(run: u32) -> Action {
    let message = ["m-", &run.to_string()].concat();
    heard(run, Heard::Began { conversation: "c-1".to_owned(), message })
}

fn said(run: u32, text: &str) -> Action {
    heard(run, Heard::Said(text.to_owned()))
}

fn answered(run: u32) -> Action {
    heard(run, Heard::Answered(Box::new(answer(2))))
}

fn problem(status: u16) -> Problem {
    Problem { status, ..shared_ui::client::unreadable() }
}

fn message(id: u32) -> Turn {
    Turn {
        run: 0,
        question: "Why?".into(),
        from_story: None,
        answer: Answer { message_id: ["m-", &id.to_string()].concat(), ..nothing() },
        phase: Phase::Done,
        helpful: None,
    }
}

fn history(turns: Vec<Turn>, earlier: Option<&str>) -> Stretch {
    Stretch { turns, earlier: earlier.map(str::to_owned), read_only: false }
}

fn stretch(ids: impl IntoIterator<Item = u32>, earlier: Option<&str>) -> Stretch {
    history(ids.into_iter().map(message).collect(), earlier)
}

fn opened(first: Stretch) -> Rc<Transcript> {
    let opened = after([Action::Opened(Some("c-1".to_owned()))]);
    let run = opened.recalling().unwrap().run;
    more(&opened, [Action::Recalled { run, stretch: first }])
}

fn again(from: &Rc<Transcript>, action: Action, stretch: Stretch) -> Rc<Transcript> {
    let wanting = more(from, [action]);
    let run = wanting.recalling().unwrap().run;
    more(&wanting, [Action::Recalled { run, stretch }])
}

fn ids(transcript: &Transcript) -> Vec<&str> {
    let all = transcript.older().iter().chain(transcript.turns());
    all.map(|turn| turn.answer.message_id.as_str()).collect()
}

#[test]
fn an_answer_comes_piece_by_piece_and_then_whole() {
    let cited = Sources { sources: vec![source("a")], sentences: Vec::new() };
    let now = after([asked("Why?"), began(1), said(1, "It "), said(1, "ended. [1]")]);
    assert_eq!(now.conversation(), Some("c-1"));
    assert_eq!(now.turns()[0].answer.answer, "It ended. [1]");
    let now = more(&now, [heard(1, Heard::Cited(cited))]);
    assert_eq!(now.turns()[0].answer.sources.len(), 1);
    assert!(now.running().is_some());
    let now = more(&now, [answered(1)]);
    assert_eq!(now.turns()[0].answer, answer(2));
    assert_eq!((&now.turns()[0].phase, now.running()), (&Phase::Done, None));
}

#[test]
fn the_next_question_goes_on_with_the_conversation() {
    let request = after([asked("Why?")]).request().unwrap();
    assert_eq!((&*request.conversation, &*request.from_story), ("", "ledger"));
    let now = after([asked("Why?"), began(1), answered(1), asked("And?")]);
    let request = now.request().unwrap();
    assert_eq!((&*request.question, &*request.conversation), ("And?", "c-1"));
    assert_eq!(request.retry, "");
}

#[test]
fn somebody_elses_is_to_be_read_until_another_one_is_opened() {
    let theirs = opened(Stretch { read_only: true, ..stretch(1..=2, None) });
    assert!(theirs.read_only());
    assert!(!more(&theirs, [Action::Opened(Some("c-2".to_owned()))]).read_only());
    assert!(!opened(stretch(1..=2, None)).read_only());
}

#[test]
fn what_was_stopped_keeps_its_words_and_hears_no_more() {
    let now = after([asked("Why?"), began(1), said(1, "Half"), Action::Stopped, said(1, " more")]);
    assert_eq!(now.turns()[0].answer.answer, "Half");
    assert_eq!(now.turns()[0].phase, Phase::Stopped);
    assert!(now.request().is_none());
    let now = after([asked("Why?"), began(1), asked("How?"), said(1, "late")]);
    assert_eq!(now.turns()[0].phase, Phase::Stopped);
    assert_eq!(now.turns()[1].answer.answer, "");
}

#[test]
fn what_failed_is_answered_anew_in_its_place() {
    let failed = heard(1, Heard::Failed(problem(500)));
    let now = after([asked("Why?"), began(1), said(1, "Half"), failed, asked("How?"), answered(2)]);
    let now = more(&now, [Action::AskedAgain(1)]);
    assert_eq!(now.turns().len(), 2);
    let turn = &now.turns()[0];
    assert_eq!((turn.run, &*turn.answer.answer, &turn.phase), (3, "", &Phase::Running));
    let request = now.request().unwrap();
    assert_eq!((&*request.question, &*request.retry), ("Why?", "m-1"));
    // Nothing of the request before fits any more.
    assert_eq!(more(&now, [said(1, "late")]).turns()[0].answer.answer, "");
    assert_eq!(more(&now, [said(3, "new")]).turns()[0].answer.answer, "new");
}

#[test]
fn only_what_changes_the_list_of_conversations_is_news() {
    let mut now = after([asked("Why?")]);
    for (action, is_news) in [
        (began(1), true),
        (said(1, "x"), false),
        (answered(1), true),
        (asked("How?"), false),
        (began(2), false),
    ] {
        let what = ["after ", &format!("{action:?}")].concat();
        let next = more(&now, [action]);
        assert_eq!(next.news() > now.news(), is_news, "{what}");
        now = next;
    }
}

#[test]
fn the_address_of_a_conversation_that_began_here_changes_nothing() {
    let now = after([asked("Why?"), began(1), said(1, "It")]);
    let same = more(&now, [Action::Opened(Some("c-1".to_owned()))]);
    assert_eq!(same, now);
    let left = more(&now, [Action::Opened(None)]);
    assert!(left.turns().is_empty() && left.conversation().is_none());
    // Late words of before must not fit a turn of after.
    let next = more(&left, [asked("How?"), said(1, "late")]);
    assert_eq!(next.turns()[0].answer.answer, "");
}

#[test]
fn a_conversation_is_recalled_with_what_became_of_each_question() {
    let phases = [Phase::Done, Phase::Stopped, Phase::Failed(problem(503)), Phase::Elsewhere];
    let turns =
        phases.iter().zip(1..).map(|(phase, id)| Turn { phase: phase.clone(), ..message(id) });
    let mut turns: Vec<_> = turns.collect();
    turns[0].helpful = Some(false);
    let now = opened(history(turns, None));
    assert!(now.turns().iter().map(|turn| &turn.phase).eq(&phases));
    assert_eq!(now.turns()[0].helpful, Some(false));
    assert_eq!(ids(&now), ["m-1", "m-2", "m-3", "m-4"]);
    assert!(now.is_made_elsewhere() && now.running().is_none() && now.live().is_none());
}

#[test]
fn what_was_before_comes_above_and_is_asked_for_once() {
    let now = opened(stretch(51..=100, Some("m-51")));
    assert!(now.has_earlier());
    let wanting = more(&now, [Action::Earlier, Action::Earlier]);
    let recalling = wanting.recalling().unwrap();
    assert_eq!((recalling.run, recalling.before.as_deref()), (recalling.run, Some("m-51")));
    let now = again(&now, Action::Earlier, stretch(1..=50, None));
    assert_eq!((now.older().len(), now.turns().len(), now.has_earlier()), (50, 50, false));
    assert_eq!((ids(&now)[0], ids(&now)[99]), ("m-1", "m-100"));
    // And nothing more.
    assert!(more(&now, [Action::Earlier]).recalling().is_none());
    // A new word does not touch them.
    let asked = more(&now, [asked("And?"), said(999, "x")]);
    assert!(Rc::ptr_eq(asked.older(), now.older()));
}

#[test]
fn what_others_did_is_joined_and_what_is_known_stays() {
    let first = opened(stretch(1..=3, None));
    let now = again(&first, Action::Refreshed, stretch(2..=5, Some("m-2")));
    assert_eq!(ids(&now), ["m-1", "m-2", "m-3", "m-4", "m-5"]);
    assert!(!now.has_earlier(), "the beginning is there");
    for at in 0..3 {
        assert!(Rc::ptr_eq(&first.turns()[at], &now.turns()[at]), "{at}");
    }
    let mut changed = message(3);
    let mut gone = source("a");
    gone.standing = Standing::Gone;
    changed.answer.sources = vec![gone];
    let newer =
        again(&now, Action::Refreshed, history(vec![changed, message(4), message(5)], None));
    assert_eq!(newer.turns()[2].run, now.turns()[2].run, "its place on the page is the same");
    assert_eq!(newer.turns()[2].answer.sources[0].standing, Standing::Gone);
}

#[test]
fn what_is_far_behind_begins_anew() {
    let now = opened(stretch(1..=3, None));
    let now = again(&now, Action::Refreshed, stretch(60..=110, Some("m-60")));
    assert_eq!((ids(&now)[0], now.has_earlier()), ("m-60", true));
}

#[test]
fn nothing_is_recalled_over_a_running_answer() {
    let now = opened(stretch(1..=2, None));
    let wanting = more(&now, [Action::Refreshed]);
    let run = wanting.recalling().unwrap().run;
    let now =
        more(&wanting, [asked("And?"), Action::Recalled { run, stretch: stretch(1..=2, None) }]);
    assert_eq!(now.turns().len(), 3);
    assert!(more(&now, [Action::Refreshed]).recalling().is_none());
}

#[test]
fn a_conversation_that_cannot_be_had_says_why_and_is_tried_again() {
    let wanting = after([Action::Opened(Some("c-1".to_owned()))]);
    let run = wanting.recalling().unwrap().run;
    let now = more(&wanting, [Action::NotRecalled { run, problem: problem(404) }]);
    assert_eq!(now.problem().unwrap().status, 404);
    let now = again(&now, Action::Refreshed, stretch(1..=1, None));
    assert!(now.problem().is_none() && now.turns().len() == 1);
    // What was wanted of another conversation is not of this one.
    let other = more(
        &wanting,
        [Action::Opened(None), Action::Recalled { run, stretch: stretch(1..=1, None) }],
    );
    assert!(other.turns().is_empty());
}

#[test]
fn a_title_is_known_once_an_answer_rests_on_its_story() {
    let now = after([asked("Why?"), answered(1)]);
    assert_eq!(now.title_of("berths"), Some("The berths"));
    assert_eq!(now.title_of("nobody"), None);
}

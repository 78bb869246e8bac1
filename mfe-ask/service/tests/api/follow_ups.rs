//! Conversations that go on: what was said before is understood, and two tabs lose nothing.

use mfe_ask_api::{Answer, Status};
use serde_json::{Value, json};

use crate::{
    ME,
    asking::{Site, answer_to, history, site},
    scripted::{Scripted, say},
};

const QUESTION: &str = "How did you leave the mainframe at Northbank?";

async fn goes_on(site: &Site, before: &Answer, question: &str) -> Answer {
    let id = &before.conversation_id;
    let answer = site.answer(json!({ "question": question, "conversation_id": id })).await;
    assert_eq!(answer.conversation_id, *id);
    answer
}

#[tokio::test]
async fn a_follow_up_is_about_what_was_spoken_of() {
    let site = site().await;
    let first = site.answer(json!({ "question": QUESTION })).await;
    let second = goes_on(&site, &first, "And how long did it take?").await;
    let understood = second.understood.as_deref().unwrap();
    assert!(understood.contains("Exiting the Mainframe in Nineteen Months"), "{understood}");
    assert_eq!(second.sources[0].id, first.sources[0].id);
    assert!(second.answer.contains("19 months"), "{}", second.answer);
    assert_eq!(site.search.requests()[1].1["query"], understood);

    let third = goes_on(&site, &second, "What about Farwave?").await;
    assert!(third.sources.iter().all(|source| source.client == "Farwave Mobile"));
    assert!(third.understood.is_some());
    let kept = history(&site.state, &first.conversation_id).await;
    let asked: Vec<_> = kept.iter().map(|message| message.question.question.as_str()).collect();
    assert_eq!(asked, [QUESTION, "And how long did it take?", "What about Farwave?"]);
}

#[tokio::test]
async fn the_same_words_without_a_conversation_are_taken_as_they_are() {
    let site = site().await;
    site.answer(json!({ "question": QUESTION })).await;
    let question = "And how long did it take?";
    let alone = site.answer(json!({ "question": question })).await;
    assert_eq!(alone.understood, None);
    let (_, asked) = site.search.requests().remove(1);
    assert_eq!((&asked["query"], &asked["literal"]), (&json!(question), &json!(false)));
}

#[tokio::test]
async fn a_refusal_in_between_is_forgotten() {
    let site = site().await;
    let first = site.answer(json!({ "question": QUESTION })).await;
    let refused = goes_on(&site, &first, "asdkjh qwpoeiu zmxn").await;
    assert!(refused.refusal.is_some());
    let third = goes_on(&site, &first, "And how long did it take?").await;
    assert_eq!(third.sources[0].id, first.sources[0].id);
}

#[tokio::test]
async fn a_model_is_told_what_was_said() {
    let mut site = site().await;
    let own = "The last mainframe job ran on 14 October 2018, nineteen months after kickoff.";
    let model = Scripted::saying(vec![say("exit-the-mainframe-northbank", own)]);
    model.compose_for(&mut site.state);
    let first = site.answer(json!({ "question": QUESTION })).await;
    let second = goes_on(&site, &first, "And how long did it take?").await;
    let briefs = model.briefs();
    assert_eq!(briefs[0].earlier, []);
    assert_eq!(briefs[1].earlier, [(QUESTION.to_owned(), own.to_owned())]);
    assert_eq!(Some(&briefs[1].question), second.understood.as_ref());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tabs_in_one_conversation_lose_nothing() {
    let site = site().await;
    let first = site.answer(json!({ "question": QUESTION })).await;
    let id = first.conversation_id.clone();
    let ask = async |tab: &str, n: usize| {
        let question = format!("What did you do at Northbank in week {n}, asks tab {tab}?");
        let body = json!({ "question": question, "conversation_id": id });
        (question, answer_to(&site.state, ME, body).await)
    };
    let tab = async |name: &str| {
        let mut asked = Vec::new();
        for n in 0..8 {
            asked.push(ask(name, n).await);
        }
        asked
    };
    let (one, two) = tokio::join!(tab("one"), tab("two"));
    let kept = history(&site.state, &id).await;
    assert_eq!(kept.len(), 1 + one.len() + two.len());
    assert!(kept.iter().all(|message| message.status == Status::Done));
    for asked in [one, two] {
        let mut places = Vec::new();
        for (question, answer) in asked {
            let place = kept.iter().position(|m| m.message_id == answer.message_id).unwrap();
            assert_eq!(kept[place].question.question, question);
            assert_eq!(kept[place].answer.as_ref(), Some(&answer));
            places.push(place);
        }
        assert!(places.is_sorted(), "each tab's questions stand in its order: {places:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_questions_at_the_same_moment_are_all_kept() {
    let site = site().await;
    let first = site.answer(json!({ "question": QUESTION })).await;
    let id = &first.conversation_id;
    let bodies: Vec<Value> = (0..20)
        .map(|n| {
            let question = format!("What did you do at Northbank in week {n}?");
            json!({ "question": question, "conversation_id": id })
        })
        .collect();
    let asking = bodies.iter().map(|body| answer_to(&site.state, ME, body.clone()));
    let answers = futures_util::future::join_all(asking).await;
    let kept = history(&site.state, id).await;
    assert_eq!(kept.len(), 21);
    for (body, answer) in bodies.iter().zip(&answers) {
        let message = kept.iter().find(|m| m.message_id == answer.message_id).unwrap();
        assert_eq!(message.question.question, body["question"]);
        assert_eq!(message.answer.as_ref(), Some(answer));
    }
}

//! `GET /api/ask/history`.

use std::time::Duration;

use axum::http::{StatusCode, header};
use mfe_ask_api::{HISTORY, History, Standing, Status};
use mfe_ask_service::{AppState, Corpus, SearchApi, Snapshot};

use crate::{
    NOWHERE, json, problem,
    seed::{answer, begin, finish, get_as, source, told},
    state, store, stories,
};

fn path(conversation: &str, rest: &str) -> String {
    format!("{HISTORY}?conversation_id={conversation}{rest}")
}

async fn history(state: &AppState, who: &str, path: &str) -> History {
    let response = get_as(state, who, path).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store, private");
    json(response).await
}

#[tokio::test]
async fn a_conversation_is_read_back_in_stretches_from_its_end() {
    let state = state();
    let first = told(&state, "me", "Question 0?", None).await;
    let id = first.conversation_id.as_str();
    for n in 1..5 {
        told(&state, "me", &format!("Question {n}?"), Some(id)).await;
    }
    let waiting = begin(&state, "me", "Question 5?", Some(id)).await;

    let asked = |history: &History| -> Vec<String> {
        history.messages.iter().map(|message| message.question.question.clone()).collect()
    };
    let all = history(&state, "me", &path(id, "")).await;
    assert_eq!((all.messages.len(), all.earlier.as_deref()), (6, None));
    assert_eq!((&*all.conversation.title, all.conversation.messages), ("Question 0?", 6));
    let last = all.messages.last().unwrap();
    assert_eq!((&last.message_id, last.status), (&waiting.message_id, Status::Pending));
    assert_eq!(all.messages[0].answer.as_ref().unwrap().message_id, first.message_id);

    let late = history(&state, "me", &path(id, "&limit=4")).await;
    assert_eq!(asked(&late), ["Question 2?", "Question 3?", "Question 4?", "Question 5?"]);
    let before = format!("&limit=4&before={}", late.earlier.unwrap());
    let early = history(&state, "me", &path(id, &before)).await;
    assert_eq!(
        (asked(&early), early.earlier),
        (vec!["Question 0?".into(), "Question 1?".into()], None)
    );
}

#[tokio::test]
async fn a_cited_story_says_what_became_of_it() {
    let state = state();
    let story = stories().remove(0);
    let begun = begin(&state, "me", "Why?", None).await;
    let sources = vec![
        source(&story.id, &[&story.summary]),
        source(&story.id, &["Nobody ever wrote this."]),
        source("never-there", &[]),
    ];
    finish(&state, &begun, Status::Stopped, answer("So [1]", sources)).await;
    let standings = async || -> Vec<Standing> {
        let read = history(&state, "me", &path(&begun.conversation_id, "")).await;
        assert_eq!(read.messages[0].status, Status::Stopped);
        let answer = read.messages[0].answer.clone().unwrap();
        answer.sources.iter().map(|source| source.standing).collect()
    };
    assert_eq!(standings().await, [Standing::Current, Standing::Changed, Standing::Gone]);
    // The story is deleted after it was cited.
    state.library.replace(Snapshot::new(Corpus::new(stories().into_iter().skip(1))));
    assert_eq!(standings().await, [Standing::Gone; 3]);
}

#[tokio::test]
async fn conversations_can_be_read_while_the_stories_cannot() {
    let state = AppState::new(Duration::ZERO, store(), SearchApi::new(NOWHERE).unwrap());
    let begun = told(&state, "me", "Why?", None).await;
    let read = history(&state, "me", &path(&begun.conversation_id, "")).await;
    let answer = read.messages[0].answer.as_ref().unwrap();
    assert_eq!(answer.sources[0].standing, Standing::Current, "nothing is known against it");
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let state = state();
    let mine = told(&state, "me", "Mine?", None).await;
    let theirs = told(&state, "other", "Theirs?", None).await;
    let id = &mine.conversation_id;
    for (limit, status) in [("0", 422), ("201", 422), ("200", 200), ("x", 400), ("-1", 400)] {
        let response = get_as(&state, "me", &path(id, &format!("&limit={limit}"))).await;
        assert_eq!(response.status().as_u16(), status, "{limit}");
    }
    let response = get_as(&state, "me", &path(id, "&limit=0")).await;
    let told = problem(response, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert_eq!(told.errors[0].field, "limit");
    for bad in [HISTORY, &path(id, "&more=1")] {
        problem(get_as(&state, "me", bad).await, StatusCode::BAD_REQUEST).await;
    }
    for before in ["nothing", &theirs.message_id] {
        let response = get_as(&state, "me", &path(id, &format!("&before={before}"))).await;
        let told = problem(response, StatusCode::NOT_FOUND).await;
        assert_eq!(told.code(), "unknown-message");
    }
    for id in ["nothing", &theirs.conversation_id, "", "%00", &"x".repeat(5000)] {
        let response = get_as(&state, "me", &path(id, "")).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store, private");
        let told = problem(response, StatusCode::NOT_FOUND).await;
        assert_eq!(told.code(), "unknown-conversation");
    }
}

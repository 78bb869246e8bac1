//! What the store does at its limits: in number, in space and in time.

use super::*;

#[tokio::test]
async fn a_conversation_and_a_session_hold_only_so_much() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let begun = store.begin(&me, question("Why?"), NOW).await.unwrap();
    let id = begun.conversation_id;
    let fill = "WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ?2)
                INSERT INTO message (id, conversation, seq, question, asked_at, status)
                SELECT 'm' || n, ?1, n, '{\"question\":\"?\"}', '', 'failed' FROM n";
    lock(&store.0.writer).execute(fill, (&id, MOST_MESSAGES)).unwrap();
    let full = store.begin(&me, follow_up("?", &id), NOW + Duration::DAY).await;
    assert!(matches!(full, Err(StoreError::ConversationFull)));
    let kept = store.list(&me).await.unwrap().remove(0);
    assert_eq!((kept.messages, &kept.updated_at), (MOST_MESSAGES, &kept.created_at));
    let retry = Question { retry: Some("m7".to_owned()), ..follow_up("?", &id) };
    assert_eq!(store.begin(&me, retry, NOW).await.unwrap().message_id, "m7");

    for n in 1..MOST_CONVERSATIONS {
        let at = NOW + Duration::seconds(n.into());
        store.begin(&me, question(&n.to_string()), at).await.unwrap();
    }
    let refused = store.begin(&me, question("?"), NOW).await;
    assert!(matches!(refused, Err(StoreError::TooMany)));
    let listed = store.list(&me).await.unwrap();
    assert_eq!((listed.len(), &*listed[0].title), (200, "499"));
    store.begin(&session("other"), question("?"), NOW).await.unwrap();
    store.delete(&me, &id).await.unwrap();
    store.begin(&me, question("?"), NOW).await.unwrap();
}

/// Sends as `me`; returns the status and the body.
async fn send(app: &Router, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(path).header(SESSION, "me");
    let request = request.header("content-type", "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let response = app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn a_full_disk_is_told_and_what_was_there_stays() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let begun = store.begin(&me, question("Why?"), NOW).await.unwrap();
    store.finish(&begun.message_id, Outcome::Done(answer("So.")), NOW).await.unwrap();
    let waiting = store.begin(&me, question("Long?"), NOW).await.unwrap();
    let before = store.export(&me, &begun.conversation_id).await.unwrap();
    {
        let db = lock(&store.0.writer);
        let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        db.pragma_update(None, "max_page_count", pages + 2).unwrap();
    }
    let long = "word ".repeat(20_000);
    let full = store.begin(&me, question(&long), NOW).await;
    assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
    let full = store.finish(&waiting.message_id, Outcome::Done(answer(&long)), NOW).await;
    assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
    assert_eq!(read(&store, &me, &waiting.message_id).await.status, Status::Pending);

    let nowhere = crate::SearchApi::new("http://127.0.0.1:1").unwrap();
    let app = router(AppState::new(std::time::Duration::ZERO, store.clone(), nowhere));
    let mut refused = None;
    for n in 0..100 {
        let reason = n.to_string() + &"x".repeat(900);
        let body = json!({ "message_id": begun.message_id, "helpful": false, "reason": reason });
        let (status, told) = send(&app, "POST", FEEDBACK, body).await;
        if status != StatusCode::NO_CONTENT {
            refused = Some((status, told));
            break;
        }
    }
    let (status, told) = refused.unwrap();
    assert_eq!((status.as_u16(), &told["type"]), (507, &json!("/problems/storage-full")));
    assert!(told["detail"].as_str().unwrap().contains("is full"), "{told}");
    // What the last one said that found room is all that changed.
    let path = format!("{HISTORY}?conversation_id={}", begun.conversation_id);
    let (status, history) = send(&app, "GET", &path, Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(history["messages"][0]["answer"], json!(before.messages[0].answer));
    assert_eq!(send(&app, "GET", CONVERSATIONS, Value::Null).await.0, StatusCode::OK);
    let whole: String =
        lock(&store.0.reader).query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
    // A person can make room.
    let path = format!("{CONVERSATIONS}/{}", begun.conversation_id);
    assert_eq!(send(&app, "DELETE", &path, Value::Null).await.0, StatusCode::NO_CONTENT);
    store.begin(&me, question("Why now?"), NOW).await.unwrap();
}

#[tokio::test]
async fn what_expired_is_archived_whole_before_it_is_removed() {
    let (dir, archive) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, me) = (open(&dir), session("me"));
    let old = store.begin(&me, question("Old?"), NOW).await.unwrap();
    store.finish(&old.message_id, Outcome::Done(answer("So.")), NOW).await.unwrap();
    let revived = store.begin(&me, question("Revived?"), NOW).await.unwrap();
    let later = NOW + Duration::days(29);
    let again = follow_up("Still there?", &revived.conversation_id);
    store.begin(&me, again, later).await.unwrap();
    let whole = store.export(&me, &old.conversation_id).await.unwrap();

    let ttl = Duration::days(30);
    let archive = archive.path();
    let expired = |archived, kept| crate::Expired { archived, kept };
    let now = NOW + ttl;
    assert_eq!(store.expire(now, ttl, archive).await.unwrap(), expired(0, 0), "not yet");
    // A file in place of the folder: nothing can be written, so nothing is removed.
    let now = now + Duration::SECOND;
    let blocked = archive.join("blocked");
    std::fs::write(&blocked, "").unwrap();
    assert_eq!(store.expire(now, ttl, &blocked).await.unwrap(), expired(0, 1));
    assert_eq!(store.export(&me, &old.conversation_id).await.unwrap(), whole);

    assert_eq!(store.expire(now, ttl, archive).await.unwrap(), expired(1, 0));
    let gone = store.export(&me, &old.conversation_id).await;
    assert!(matches!(gone, Err(StoreError::NoConversation)));
    let asked = store.begin(&me, follow_up("?", &old.conversation_id), now).await;
    assert!(matches!(asked, Err(StoreError::NoConversation)), "as one that never was");
    let month = archive.join("2026-11");
    let files: Vec<_> = std::fs::read_dir(&month).unwrap().map(|f| f.unwrap().path()).collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    assert_eq!(*file, month.join(&old.conversation_id).with_extension("json"));
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(serde_json::from_str::<mfe_ask_api::History>(&text).unwrap(), whole);
    assert_eq!(store.list(&me).await.unwrap().len(), 1, "the revived one");
}

#[tokio::test]
async fn tidying_up_forgets_old_events_and_answers_that_nobody_makes() {
    let (dir, archive) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, me) = (open(&dir), session("me"));
    let done = store.begin(&me, question("Why?"), NOW).await.unwrap();
    store.finish(&done.message_id, Outcome::Done(answer("So.")), NOW).await.unwrap();
    let lost = store.begin(&me, question("Lost?"), NOW).await.unwrap();
    let ttl = Duration::days(365);
    let now = NOW + Duration::hours(2);
    let young = store.begin(&me, question("Young?"), now).await.unwrap();
    store.expire(now, ttl, archive.path()).await.unwrap();
    assert_eq!(read(&store, &me, &lost.message_id).await.status, Status::Failed);
    assert_eq!(read(&store, &me, &young.message_id).await.status, Status::Pending);
    assert_eq!(events(&store).len(), 1);
    store.expire(NOW + Duration::days(91), ttl, archive.path()).await.unwrap();
    assert_eq!(events(&store), []);
}

#[test]
fn a_file_of_a_newer_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ask.sqlite");
    drop(open(&dir));
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Conversations::open(&file), Err(StoreError::Newer { found: 99, .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_of_any_size_make_the_whole_conversation(
        texts in proptest::collection::vec("(.|\\s){0,30}", 1..25),
        limit in 1_u32..12,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let (store, me) = (open(&dir), session("me"));
            let mut id = None;
            for text in &texts {
                let asked = Question { conversation_id: id.clone(), ..question(text) };
                let begun = store.begin(&me, asked, NOW).await.unwrap();
                store.finish(&begun.message_id, Outcome::Done(answer(text)), NOW).await.unwrap();
                id = Some(begun.conversation_id);
            }
            let id = id.unwrap();
            let (mut found, mut before) = (Vec::new(), None);
            loop {
                let page = store.history(&me, &id, before, limit).await.unwrap();
                assert!(page.messages.len() <= limit as usize && !page.messages.is_empty());
                found.splice(0..0, page.messages);
                before = page.earlier;
                if before.is_none() {
                    break;
                }
            }
            assert_eq!(&found, &store.export(&me, &id).await.unwrap().messages);
            for (message, text) in found.iter().zip(&texts) {
                assert_eq!(&message.question.question, text);
                assert_eq!(message.answer.as_ref(), Some(&answer(text)));
            }
            assert_eq!(found.len(), texts.len());
        });
    }
}

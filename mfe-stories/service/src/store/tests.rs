//! What the store promises across restarts.

use mfe_stories_api::Story;
use service_kit::ApiError;
use tempfile::TempDir;

use super::{Removed, Store, StoreError, demo_stories};
use crate::{condition::Condition, cursor::Cursor, error::StoriesError};

fn always() -> Condition {
    Condition::default()
}

fn open(dir: &TempDir) -> Store {
    Store::open(&dir.path().join("stories.db"), &demo_stories().unwrap()).unwrap()
}

fn end(store: &Store) -> Cursor {
    store.feed(None, 500).unwrap().unwrap().cursor.parse().unwrap()
}

#[test]
fn demo_stories_are_imported_once_and_not_again_when_all_are_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    let all = demo_stories().unwrap();
    assert_eq!(store.facets().unwrap().total as usize, all.len());
    for story in &all {
        assert_eq!(store.delete(&story.id, &always()).unwrap(), Removed::Done);
    }
    drop(store);
    assert_eq!(open(&dir).facets().unwrap().total, 0);
}

#[test]
fn stories_read_back_as_they_were_written() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    for story in demo_stories().unwrap() {
        assert_eq!(store.get(&story.id).unwrap().unwrap().story, story);
    }
    assert_eq!(store.get("nobody").unwrap(), None);
}

#[test]
fn a_restart_keeps_changes_and_cursors() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    let before = end(&store);
    let story = Story { title: "Changed".to_owned(), ..demo_stories().unwrap().swap_remove(3) };
    store.put(&story, &always()).unwrap();
    drop(store);

    let page = open(&dir).feed(Some(&before), 10).unwrap().unwrap();
    assert_eq!(page.changes.len(), 1);
    assert_eq!(page.changes[0].value.as_ref(), Some(&story));
}

#[test]
fn a_full_disk_is_told_and_what_was_there_stays() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    let before = demo_stories().unwrap().swap_remove(3);
    {
        let db = store.writer.lock().unwrap();
        let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        db.pragma_update(None, "max_page_count", pages).unwrap();
    }
    let longer = Story { purpose: "word ".repeat(20_000), ..before.clone() };
    let full = store.put(&longer, &always()).unwrap_err();
    assert!(full.is_full(), "{full:?}");
    let told = ApiError::from(StoriesError::from(full));
    assert_eq!((told.status.as_u16(), told.code), (507, "storage-full"));
    assert_eq!(store.get(&before.id).unwrap().unwrap().story, before);
}

#[test]
fn a_cursor_of_another_store_or_of_the_future_is_not_known() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(&dir);
    let cursor = end(&store);
    assert!(store.feed(Some(&cursor), 1).unwrap().is_some());
    let future = Cursor { seq: cursor.seq + 1, ..cursor };
    assert_eq!(store.feed(Some(&future), 1).unwrap(), None);
    assert_eq!(store.feed(Some(&end(&open(&other))), 1).unwrap(), None);
}

#[test]
fn a_number_is_never_used_twice_even_after_the_last_change_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    let story = demo_stories().unwrap().swap_remove(0);
    let mut seen = vec![end(&store).seq];
    for _ in 0..3 {
        store.put(&story, &always()).unwrap();
        seen.push(end(&store).seq);
        store.delete(&story.id, &always()).unwrap();
        seen.push(end(&store).seq);
    }
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
}

#[test]
fn a_file_that_is_no_database_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("stories.db");
    std::fs::write(&file, "this is no database, but long enough to look like a header").unwrap();
    assert!(matches!(Store::open(&file, &[]), Err(StoreError::Database(_))));
}

#[test]
fn a_file_of_a_newer_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(&dir));
    let file = dir.path().join("stories.db");
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Store::open(&file, &[]), Err(StoreError::Newer { found: 99, .. })));
}

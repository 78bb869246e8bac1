use serde_json::{Value, json};
use service_kit::outbox::{Cursor, Event};
use tempfile::TempDir;

use super::{Journal, Selection};
use crate::{Applied, Batch, Delivered, Sink};

fn journal() -> (Journal, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Journal::open(folder.path()).unwrap(), folder)
}

fn event(id: i64, value: Value) -> Delivered {
    Delivered::Event(Event { id, kind: "a.b".to_owned(), at: 100 + id, value })
}

fn batch(log: &str, id: i64, events: Vec<Delivered>) -> Batch {
    Batch { cursor: Cursor { log: log.to_owned(), id }, events, head: 9 }
}

#[test]
fn events_are_taken_once_and_the_cursor_with_them() {
    let (journal, folder) = journal();
    assert_eq!(journal.cursor("s").unwrap(), None);
    let first = batch("x", 2, vec![event(1, json!(1)), event(2, json!({ "a": 1, "b": 2 }))]);
    let applied = journal.apply("s", &first, 7).unwrap();
    assert_eq!(applied, Applied { taken: 2, ..Applied::default() });
    // Told again, in another order of its keys, with one more.
    let again = vec![event(2, json!({ "b": 2, "a": 1 })), event(3, json!(3))];
    let applied = journal.apply("s", &batch("x", 3, again), 8).unwrap();
    assert_eq!(applied, Applied { taken: 1, duplicates: 1, ..Applied::default() });
    // What is old does not move the cursor back; another source has its own numbers.
    journal.apply("s", &first, 9).unwrap();
    journal.apply("t", &first, 9).unwrap();
    drop(journal);
    let journal = Journal::open_existing(folder.path()).unwrap();
    assert_eq!(journal.cursor("s").unwrap().unwrap().to_string(), "x-3");
    let [s, t] = journal.lag().unwrap().try_into().unwrap();
    assert_eq!((s.read, s.head, s.heard_at, s.taken, s.duplicates), (3, 9, 9, 3, 3));
    assert_eq!((t.source.as_str(), t.taken), ("t", 2));
}

#[test]
fn what_cannot_be_used_is_set_aside_once_and_blocks_nothing() {
    let (journal, _folder) = journal();
    let nameless = Delivered::Event(Event { id: 2, kind: " ".into(), at: 1, value: json!(2) });
    let long = event(3, json!("x".repeat(70_000)));
    let unreadable = Delivered::Unreadable("{}".to_owned());
    let all = vec![event(1, json!(1)), nameless, long, unreadable, event(5, json!(5))];
    let applied = journal.apply("s", &batch("x", 5, all.clone()), 7).unwrap();
    assert_eq!(applied, Applied { taken: 2, set_aside: 3, ..Applied::default() });
    let applied = journal.apply("s", &batch("x", 5, all), 8).unwrap();
    assert_eq!(applied, Applied { duplicates: 5, ..Applied::default() });
    // A number that is used again for something else.
    let other = batch("x", 5, vec![event(5, json!("other"))]);
    assert_eq!(journal.apply("s", &other, 9).unwrap().set_aside, 1);
    let aside = journal.set_aside().unwrap();
    assert_eq!(aside.len(), 4);
    assert_eq!(
        (aside[3].why.as_str(), &*aside[3].text),
        ("another event has its number", "\"other\"")
    );
    assert!(aside.iter().all(|aside| aside.text.len() <= 64 * 1024));
}

#[test]
fn gaps_are_counted_and_another_log_is_read_from_its_beginning() {
    let (journal, _folder) = journal();
    // What was removed before anybody read here is not missed.
    let applied = journal.apply("s", &batch("x", 8, vec![event(8, json!(8))]), 7).unwrap();
    assert_eq!(applied.missed, 0);
    let applied = journal.apply("s", &batch("x", 12, vec![event(12, json!(12))]), 7).unwrap();
    assert_eq!(applied.missed, 3);
    journal.begin_again("s").unwrap();
    assert_eq!(journal.cursor("s").unwrap(), None);
    let applied = journal.apply("s", &batch("y", 1, vec![event(1, json!("new"))]), 8).unwrap();
    assert_eq!(applied, Applied { taken: 1, ..Applied::default() });
    assert_eq!(journal.lag().unwrap()[0].missed, 3);
}

#[test]
fn the_newest_of_a_selection_are_listed_and_old_ones_removed() {
    let (journal, _folder) = journal();
    let events = (1..=5).map(|id| event(id, json!(id))).collect();
    journal.apply("s", &batch("x", 5, events), 7).unwrap();
    let other = Event { id: 1, kind: "c".to_owned(), at: 103, value: json!(null) };
    journal.apply("t", &batch("x", 1, vec![Delivered::Event(other)]), 7).unwrap();
    let ids = |selection: Selection| -> Vec<(String, i64)> {
        let list = journal.list(&Selection { limit: 3, ..selection }).unwrap();
        list.into_iter().map(|entry| (entry.source, entry.id)).collect()
    };
    let s = |id| ("s".to_owned(), id);
    let t = ("t".to_owned(), 1);
    assert_eq!(ids(Selection::default()), [t.clone(), s(4), s(5)]);
    assert_eq!(ids(Selection { kind: Some("c".into()), ..Selection::default() }), [t]);
    assert_eq!(ids(Selection { since: Some(105), ..Selection::default() }), [s(5)]);
    let source = Some("s".to_owned());
    assert_eq!(ids(Selection { source, ..Selection::default() }), [s(3), s(4), s(5)]);
    assert_eq!(journal.prune(104).unwrap(), 4);
    assert_eq!(ids(Selection::default()), [s(4), s(5)]);
}

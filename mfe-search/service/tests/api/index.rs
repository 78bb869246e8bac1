use std::{fs, path::PathBuf};

use contract::{Change, ChangeKind, FeedPage};
use mfe_search_api::{Mode, SearchRequest};
use mfe_search_service::{Index, IndexError, search};
use service_kit::FeedSink;

use crate::{Service, page, stories, story};

fn total(index: &Index, query: &str) -> u32 {
    let request = SearchRequest { query: query.to_owned(), ..SearchRequest::default() };
    search(&index.published().latest(), None, Mode::Keyword, &request).unwrap().total
}

#[test]
fn changes_replace_and_delete_stories_at_once() {
    let Service { folder: _folder, mut index, .. } = Service::with(stories());
    index.apply(page(vec![story("cards", "Renamed", "Settlement.")], "2")).unwrap();
    assert_eq!(total(&index, ""), 3);
    assert_eq!(total(&index, "settlement"), 1);
    assert_eq!(total(&index, "twelve"), 0);
    let gone = Change { id: "cards".to_owned(), kind: ChangeKind::Delete, value: None };
    let cursor = "3".to_owned();
    index.apply(FeedPage { changes: vec![gone], cursor, more: false }).unwrap();
    assert_eq!(total(&index, "settlement"), 0);
    assert_eq!(total(&index, ""), 2);
}

#[test]
fn an_index_is_opened_again_with_its_stories_and_its_cursor() {
    let Service { folder, index, router } = Service::with(stories());
    drop((index, router));
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(index.cursor().as_deref(), Some("1"));
    assert!(index.caught_up());
    assert_eq!(total(&index, "kuberntes"), 1);
}

#[test]
fn half_of_a_feed_is_neither_shown_nor_taken_for_all() {
    let Service { folder, mut index, router } = Service::waiting();
    drop(router);
    let half = FeedPage { more: true, ..page(stories(), "half") };
    index.apply(half).unwrap();
    assert_eq!(total(&index, ""), 0);
    drop(index);
    let mut index = Index::open(folder.path()).unwrap();
    assert_eq!(index.cursor().as_deref(), Some("half"));
    assert!(!index.caught_up());
    index.apply(page(vec![], "whole")).unwrap();
    assert!(index.caught_up());
    assert_eq!(total(&index, ""), 3);
}

#[test]
fn a_reset_keeps_answering_until_the_feed_is_read_again() {
    let Service { folder: _folder, mut index, .. } = Service::with(stories());
    index.reset().unwrap();
    assert_eq!(index.cursor(), None);
    assert!(!index.caught_up());
    assert_eq!(total(&index, ""), 3);
    index.apply(page(vec![story("new", "New", "")], "1")).unwrap();
    assert_eq!(total(&index, ""), 1);
}

#[test]
fn a_damaged_index_is_made_anew() {
    let files = |folder: &PathBuf| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        // Locks have no content.
        entries.filter(|path| fs::metadata(path).unwrap().len() > 0).collect()
    };
    let count = {
        let Service { folder, index, router } = Service::with(stories());
        drop((index, router));
        files(&folder.path().to_owned()).len()
    };
    assert!(count > 5, "segment files, meta.json and .managed.json");
    for n in 0..count {
        for content in [Some("garbage"), None] {
            let Service { folder, index, router } = Service::with(stories());
            drop((index, router));
            let mut files = files(&folder.path().to_owned());
            files.sort();
            let file = files.remove(n);
            match content {
                Some(garbage) => fs::write(&file, garbage).unwrap(),
                None => fs::remove_file(&file).unwrap(),
            }
            let mut index = Index::open(folder.path()).unwrap();
            // Either nothing was lost, or it begins from the first change: never half of it.
            let expected = if index.cursor().is_some() { 3 } else { 0 };
            assert_eq!(total(&index, ""), expected, "{} {content:?}", file.display());
            index.apply(page(stories(), "2")).unwrap();
            assert_eq!(total(&index, "ledger"), 2, "{} {content:?}", file.display());
        }
    }
}

#[test]
fn what_stands_at_the_place_of_the_index_gives_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    fs::write(&path, "not a folder").unwrap();
    assert_eq!(Index::open(&path).unwrap().cursor(), None);
}

#[test]
fn an_index_in_use_is_left_alone() {
    let service = Service::with(stories());
    let second = Index::open(service.folder.path());
    assert!(matches!(second, Err(IndexError::InUse(_))), "{second:?}");
    assert_eq!(total(&service.index, ""), 3);
}

#[test]
fn an_index_with_other_fields_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut schema = tantivy::schema::Schema::builder();
    schema.add_text_field("id", tantivy::schema::STRING);
    tantivy::Index::create_in_dir(folder.path(), schema.build()).unwrap();
    let mut index = Index::open(folder.path()).unwrap();
    assert_eq!(index.cursor(), None);
    index.apply(page(stories(), "1")).unwrap();
    assert_eq!(total(&index, ""), 3);
}

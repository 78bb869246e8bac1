//! Search by meaning and by both, over a model that is simple enough to foresee: a vector counts words of
//! a few themes.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use axum::http::StatusCode;
use mfe_search_api::{HYBRID, KEYWORD, SEMANTIC};
use mfe_search_service::{EmbedError, Embedder, Meaning, Story, Vectors};
use serde_json::{Value, json};
use service_kit::FeedSink;

use crate::{Service, ids, page, stories, story};

/// Words that mean the same, a dimension each.
const THEMES: [&[&str]; 4] = [
    &["ledger", "accounts", "bookkeeping", "sums"],
    &["kafka", "stream", "messages", "events"],
    &["ferry", "boat", "timetable", "ships"],
    &["cards", "plastic", "issuing", "wallet"],
];

#[derive(Debug, Default)]
struct Themes {
    calls: AtomicU32,
    fails: AtomicBool,
}

impl Embedder for Themes {
    fn id(&self) -> &str {
        "themes"
    }

    fn dimensions(&self) -> usize {
        THEMES.len() + 1
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(EmbedError::Compute("out of order".into()));
        }
        self.calls.fetch_add(u32::try_from(texts.len()).unwrap(), Ordering::SeqCst);
        let vector = |text: &&str| {
            let text = text.to_lowercase();
            let mut vector: Vec<f32> = THEMES
                .iter()
                .map(|words| if words.iter().any(|word| text.contains(word)) { 1.0 } else { 0.0 })
                .collect();
            vector.push(0.3);
            let length = vector.iter().map(|n| n * n).sum::<f32>().sqrt();
            vector.into_iter().map(|n| n / length).collect()
        };
        Ok(texts.iter().map(vector).collect())
    }
}

fn service(stories: Vec<Story>) -> (Service, Arc<Themes>, Arc<Meaning>) {
    let themes = Arc::new(Themes::default());
    let meaning = Meaning::new(Arc::clone(&themes) as Arc<dyn Embedder>);
    let service = Service::with_meaning(stories, Some(Arc::clone(&meaning)));
    (service, themes, meaning)
}

async fn find(service: &Service, path: &str, query: &str) -> Value {
    let (status, body) = service.post(path, json!({ "query": query }).to_string()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

#[tokio::test]
async fn a_story_is_found_by_what_it_means() {
    let (service, ..) = service(stories());
    for path in [SEMANTIC, HYBRID] {
        let answer = find(&service, path, "boats and ships").await;
        assert_eq!(ids(&answer)[0], "person", "{answer}");
        assert_eq!(answer["results"][0]["highlights"], json!([]), "it has no text but its title");
    }
    assert_eq!(find(&service, KEYWORD, "boats and ships").await["total"], 0);
}

#[tokio::test]
async fn words_that_stand_in_a_story_count_more_than_nearness() {
    let (service, ..) = service(stories());
    let answer = find(&service, HYBRID, "twelve days").await;
    assert_eq!((ids(&answer)[0].as_str(), &answer["confidence"]), ("cards", &json!("high")));
}

#[tokio::test]
async fn filters_and_facets_hold_in_every_mode() {
    let of = |id: &str, client: &str, text: &str| Story {
        client: client.to_owned(),
        ..story(id, text, text)
    };
    let mut all = vec![of("a", "Northbank", "A ledger"), of("b", "Meridian", "Sums and accounts")];
    all.extend(stories());
    let (service, ..) = service(all);
    for path in [SEMANTIC, HYBRID] {
        let body = json!({ "query": "bookkeeping", "filters": { "client": ["Northbank"] } });
        let (_, answer) = service.post(path, body.to_string()).await;
        assert!(ids(&answer).contains(&"a".to_owned()), "{answer}");
        assert!(!ids(&answer).contains(&"b".to_owned()), "{answer}");
        assert!(answer["outside"].as_u64() > answer["total"].as_u64(), "{answer}");
        assert!(answer["facets"]["client"].as_array().unwrap().len() > 1, "{answer}");
        let body = json!({ "query": "bookkeeping", "filters": { "client": ["Nobody"] } });
        let (_, answer) = service.post(path, body.to_string()).await;
        assert_eq!((&answer["total"], &answer["confidence"]), (&json!(0), &json!("none")));
        assert!(
            answer["outside"].as_u64() > Some(0),
            "there are matches, only elsewhere: {answer}"
        );
    }
}

#[tokio::test]
async fn an_empty_query_lists_in_every_mode() {
    let (service, ..) = service(stories());
    for path in [SEMANTIC, HYBRID, KEYWORD] {
        let answer = find(&service, path, " ").await;
        assert_eq!(ids(&answer), ["orders", "cards", "mainframe"], "{path}");
    }
}

#[tokio::test]
async fn a_story_of_the_client_that_is_named_comes_first() {
    let (service, ..) = service(stories());
    let answer = find(&service, HYBRID, "what of bookkeeping did Northbank see").await;
    assert_eq!(ids(&answer)[0], "mainframe", "{answer}");
}

#[tokio::test]
async fn a_model_that_fails_is_told_and_words_go_on() {
    let (service, themes, _) = service(stories());
    themes.fails.store(true, Ordering::SeqCst);
    for path in [SEMANTIC, HYBRID] {
        let (status, problem) = service.post(path, json!({ "query": "boat" }).to_string()).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(problem["type"], "/problems/meaning-search-unavailable");
    }
    assert_eq!(find(&service, KEYWORD, "ferry").await["total"], 1);
    themes.fails.store(false, Ordering::SeqCst);
    assert_eq!(find(&service, HYBRID, "boat").await["total"], 1, "a failure is not kept");
}

#[tokio::test]
async fn only_what_changed_is_embedded_and_a_deleted_story_is_gone_at_once() {
    let (mut service, themes, meaning) = service(stories());
    let before = themes.calls.load(Ordering::SeqCst);
    let mut changed = stories().remove(0);
    changed.summary = "A boat.".to_owned();
    service.index.apply(page(vec![changed], "2")).unwrap();
    meaning.update(&service.index.published().latest(), None, || false).unwrap();
    let made = themes.calls.load(Ordering::SeqCst) - before;
    assert!((1..=3).contains(&made), "{made}");
    assert_eq!(ids(&find(&service, SEMANTIC, "ships").await)[0], "person");
    let gone =
        contract::Change { id: "person".into(), kind: contract::ChangeKind::Delete, value: None };
    let page = contract::FeedPage { changes: vec![gone], cursor: "3".into(), more: false };
    service.index.apply(page).unwrap();
    // Before the vectors know of it.
    let found = ids(&find(&service, SEMANTIC, "ships").await);
    assert!(!found.contains(&"person".to_owned()), "{found:?}");
}

#[tokio::test]
async fn vectors_that_were_made_before_are_not_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vectors");
    let mut made = Vec::new();
    for _ in 0..2 {
        let themes = Arc::new(Themes::default());
        let meaning = Meaning::new(Arc::clone(&themes) as Arc<dyn Embedder>);
        let mut vectors = Vectors::open(&file, themes.id(), themes.dimensions()).unwrap();
        let service = Service::with(stories());
        let snapshot = service.index.published().latest();
        meaning.update(&snapshot, Some(&mut vectors), || false).unwrap();
        made.push((meaning.passages() > 4, themes.calls.load(Ordering::SeqCst)));
    }
    assert!(made[0].0 && made[0].1 > 4, "{made:?}");
    assert_eq!(made[1], (true, 0));
}

#[tokio::test]
async fn answers_are_cached_until_a_story_changes() {
    let (mut service, ..) = service(stories());
    let cached = async |service: &Service, query: &str| {
        find(service, HYBRID, query).await["cached"].as_bool().unwrap()
    };
    assert!(!cached(&service, "ledger").await);
    assert!(cached(&service, "ledger").await);
    assert!(cached(&service, "  ledger").await, "what stands before it does not matter");
    assert!(!cached(&service, "ledger!").await);
    service.index.apply(page(vec![story("new", "A new ledger", "Of sums.")], "2")).unwrap();
    let answer = find(&service, HYBRID, "ledger").await;
    assert_eq!(answer["cached"], false);
    assert!(ids(&answer).contains(&"new".to_owned()), "{answer}");
}

#[tokio::test]
async fn what_was_made_before_a_failure_is_kept() {
    let (mut service, themes, meaning) = service(stories());
    let before = meaning.passages();
    themes.fails.store(true, Ordering::SeqCst);
    let gone =
        contract::Change { id: "person".into(), kind: contract::ChangeKind::Delete, value: None };
    let changes = vec![gone];
    let page = contract::FeedPage { changes, cursor: "2".into(), more: false };
    service.index.apply(page).unwrap();
    service.index.apply(crate::page(vec![story("new", "A boat", "On the sea.")], "3")).unwrap();
    let snapshot = service.index.published().latest();
    meaning.update(&snapshot, None, || false).unwrap_err();
    assert!(meaning.passages() < before, "the deleted story's are gone");
    themes.fails.store(false, Ordering::SeqCst);
    meaning.update(&snapshot, None, || false).unwrap();
    assert_eq!(ids(&find(&service, SEMANTIC, "ships").await)[0], "new");
}

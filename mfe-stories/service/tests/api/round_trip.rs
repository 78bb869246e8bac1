//! What is exported and imported again is the same.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Request, header},
};
use mfe_stories_api::{ClientKind, Metric, Story};
use mfe_stories_service::{AppState, BearerKey, Store, router};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Map, Value};

use crate::{KEY, Service};

/// Texts as people and programs write them: other scripts, quotes, emoji, what JSON and SQL escape.
fn text(most: usize) -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "é",
        "e\u{301}",
        "漢字",
        "שלום",
        "🧑‍💻",
        "\"",
        "\\",
        "'; --",
        "<b>",
        "&amp;",
        "\u{202e}",
        "\u{feff}",
        "\u{2028}",
        "null",
        "{}",
        "%00",
        "|",
        "-",
    ]);
    let part = prop_oneof![odd.prop_map(str::to_owned), "[a-z ]{0,8}", "\\PC{0,6}"];
    vec(part, 1..4).prop_map(move |parts| {
        let text: String = parts.concat().chars().take(most).collect();
        if text.trim().is_empty() { "x".to_owned() } else { text }
    })
}

/// The value of a facet: without `|` and without space at its ends.
fn facet() -> impl Strategy<Value = String> {
    text(40).prop_map(|text| {
        let text = text.replace('|', "/");
        text.trim().to_owned()
    })
}

/// A paragraph that may have a list, and a list in that.
fn paragraph() -> impl Strategy<Value = String> {
    (text(200), vec((0_usize..3, text(60)), 0..4)).prop_map(|(lead, items)| {
        let item =
            |(depth, text): (usize, String)| ["\n", &"  ".repeat(depth), "- ", &text].concat();
        [lead, items.into_iter().map(item).collect()].concat()
    })
}

fn texts(least: usize) -> impl Strategy<Value = Vec<String>> {
    vec(paragraph(), least..5)
}

fn story() -> impl Strategy<Value = Story> {
    let names = (text(150), text(60), option::of(text(60)), text(80), text(30));
    let facets = prop::array::uniform8(facet());
    let kind = prop_oneof![Just(ClientKind::Named), Just(ClientKind::Generic)];
    let dates = (1990_u32..2030, 1_u32..=12, option::of((0_u32..9, 1_u32..=12)));
    let star = (texts(1), texts(1), texts(1), texts(1));
    let place = (paragraph(), paragraph(), paragraph(), paragraph(), texts(0), texts(0));
    let metric = (text(30), text(60)).prop_map(|(value, label)| Metric { value, label });
    let lists = (vec(metric, 0..4), texts(0), texts(0), texts(0), texts(0));
    (names, facets, kind, dates, star, place, lists).prop_map(
        |(names, facets, client_kind, (year, month, end), star, place, lists)| {
            let [client, role, industry, category, capability, sub_category, theme, era] = facets;
            Story {
                id: String::new(),
                title: names.0,
                employer: names.1,
                division: names.2,
                client,
                client_kind,
                role,
                project: names.3,
                start: format!("{year:04}-{month:02}"),
                end: end.map(|(more, m)| format!("{:04}-{:02}", year + more + 1, m)),
                industry,
                category,
                capability,
                sub_category,
                theme,
                era,
                scope: names.4,
                situation: star.0,
                task: star.1,
                action: star.2,
                result: star.3,
                person: place.0,
                place: place.1,
                purpose: place.2,
                process: place.4,
                performance: place.5,
                summary: place.3,
                metrics: lists.0,
                competencies: lists.1,
                use_cases: lists.2,
                interview_questions: lists.3,
                tags: lists.4,
            }
        },
    )
}

/// Stories with ids, and for each an order of its fields.
fn file() -> impl Strategy<Value = Vec<(Story, Vec<usize>)>> {
    let order = Just((0..32).collect::<Vec<usize>>()).prop_shuffle();
    vec((story(), order), 1..6).prop_map(|mut stories| {
        for (n, (story, _)) in stories.iter_mut().enumerate() {
            story.id = format!("story-{n}");
        }
        stories
    })
}

/// A story's JSON with its fields in another order; what is absent may be left out.
fn shuffled(story: &Story, order: &[usize]) -> String {
    let Value::Object(fields) = serde_json::to_value(story).unwrap() else { unreachable!() };
    let fields: Vec<_> = fields.into_iter().collect();
    let mut text = Vec::new();
    for at in order {
        let (name, value) = &fields[*at];
        if *value != Value::Null || at % 2 == 0 {
            text.push(format!("{}: {value}", Value::from(name.as_str())));
        }
    }
    format!("{{{}}}", text.join(", "))
}

/// A service without stories.
fn empty() -> Service {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("stories.db"), &[]).unwrap();
    let state = AppState::new(store, Some(BearerKey::new(KEY.to_owned())));
    Service { router: router(state.clone()), state, _dir: dir }
}

async fn import(service: &Service, lines: &[String]) {
    let request = Request::post("/api/stories/import?atomic=true")
        .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
        .header(header::CONTENT_TYPE, "application/jsonl")
        .body(Body::from(lines.join("\n")))
        .unwrap();
    let answer = service.send(request).await;
    assert_eq!(answer.body["added"], lines.len(), "{answer:?}");
}

/// What an export reads, as it writes it.
async fn export(service: &Service) -> BTreeMap<String, String> {
    let feed = service.get("/api/stories/feed?limit=500").await;
    let changes = feed.body["changes"].as_array().unwrap();
    let entry = |change: &Value| {
        let story: Story = serde_json::from_value(change["value"].clone()).unwrap();
        (story.id.clone(), serde_json::to_string(&story).unwrap())
    };
    changes.iter().map(entry).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn export_and_import_lose_nothing(file in file()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let first = empty();
            let lines: Vec<_> = file.iter().map(|(story, order)| shuffled(story, order)).collect();
            import(&first, &lines).await;
            for (story, _) in &file {
                let read = first.get(&format!("/api/stories/{}", story.id)).await.body;
                assert_eq!(&serde_json::from_value::<Story>(read).unwrap(), story);
            }
            let exported = export(&first).await;
            let second = empty();
            import(&second, &exported.values().cloned().collect::<Vec<_>>()).await;
            // Byte for byte, and so whatever the order was in which fields and stories came.
            assert_eq!(export(&second).await, exported);
            let objects: Vec<Map<String, Value>> =
                exported.values().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert!(objects.iter().all(|object| object.len() == 32));
        });
    }
}

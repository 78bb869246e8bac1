//! Who may use which route. One without a line fails the test.

use mfe_stories_service::{AppState, BearerKey, Store, demo_stories, router};
use service_kit::{
    EdgeKey,
    outbox::Outbox,
    testing::{Keys, Needs, Route, authorization},
};

const KEYS: Keys = Keys { role: "the editors' key", edge: "the edge's key" };
const STORY: &str = "/api/stories/exit-the-mainframe-northbank";
const EDITOR: Needs = Needs::Role("editor");

const ROUTES: &[Route] = &[
    ("GET", "/api/stories", "/api/stories", "", Needs::Nothing),
    ("GET", "/api/stories/facets", "/api/stories/facets", "", Needs::Nothing),
    ("GET", "/api/stories/{id}", STORY, "", Needs::Nothing),
    ("GET", "/api/stories/{id}/related", "/api/stories/x/related", "", Needs::Nothing),
    ("GET", "/api/stories/feed", "/api/stories/feed", "", Needs::Nothing),
    ("PUT", "/api/stories/{id}", STORY, "{}", EDITOR),
    ("DELETE", "/api/stories/{id}", "/api/stories/nothing", "", EDITOR),
    ("POST", "/api/stories/import", "/api/stories/import", "", EDITOR),
    ("GET", "/events", "/events", "", Needs::Site),
];

#[tokio::test]
async fn each_route_is_open_to_those_whom_it_is_for_and_to_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("stories.db");
    let store = Store::open(&file, &demo_stories().unwrap()).unwrap();
    let (queue, _writing) = store.queue();
    let outbox = Outbox::open(&file, Some(EdgeKey::new(KEYS.edge.to_owned()))).unwrap();
    let key = BearerKey::new(KEYS.role.to_owned()).or_role("editor", KEYS.edge.to_owned());
    let service = router(AppState::new(store, Some(key)).telling(queue, outbox));
    let table = include_str!("../../src/routes.rs");
    assert_eq!(authorization(&service, table, KEYS, ROUTES).await, [""; 0]);
}

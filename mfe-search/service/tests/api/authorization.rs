//! Who may use which route. One without a line fails the test.

use mfe_search_service::{AppState, Events, Index, router};
use service_kit::{
    BearerKey, EdgeKey, FeedSink, Readiness,
    outbox::Outbox,
    testing::{Keys, Needs, Route, authorization},
};

use crate::{page, stories};

const KEYS: Keys = Keys { role: "the analysts' key", edge: "the edge's key" };
const QUERY: &str = r#"{"query":"ledger"}"#;
const SUGGEST: &str = "/api/search/suggest";

const ROUTES: &[Route] = &[
    ("POST", "/api/search/keyword", "/api/search/keyword", QUERY, Needs::Nothing),
    ("POST", "/api/search/semantic", "/api/search/semantic", QUERY, Needs::Nothing),
    ("POST", "/api/search/hybrid", "/api/search/hybrid", QUERY, Needs::Nothing),
    ("GET", SUGGEST, "/api/search/suggest?q=le", "", Needs::Nothing),
    ("GET", "/api/search/insights", "/api/search/insights", "", Needs::Role("analyst")),
    ("GET", "/events", "/events", "", Needs::Site),
];

#[tokio::test]
async fn each_route_is_open_to_those_whom_it_is_for_and_to_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::open(&folder.path().join("index")).unwrap();
    index.apply(page(stories(), "1")).unwrap();
    let file = folder.path().join("events.sqlite");
    let (events, _writing) = Events::open(&file).unwrap();
    let mut state = AppState::new(index.published(), Readiness::ready());
    state.events = Some(events);
    state.outbox = Some(Outbox::open(&file, Some(EdgeKey::new(KEYS.edge.to_owned()))).unwrap());
    state.events_file = Some(file);
    let key = BearerKey::new(KEYS.role.to_owned());
    state.analyst_key = Some(key.or_role("analyst", KEYS.edge.to_owned()));
    let table = include_str!("../../src/routes.rs");
    assert_eq!(authorization(&router(state), table, KEYS, ROUTES).await, [""; 0]);
}

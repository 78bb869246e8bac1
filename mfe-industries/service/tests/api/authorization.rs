//! Who may use which route: everybody each. One without a line fails the test.

use service_kit::testing::{Keys, Needs, Route, authorization};

use crate::Service;

/// It has none.
const KEYS: Keys = Keys { role: "", edge: "" };

const ROUTES: &[Route] = &[
    ("GET", "/api/industries", "/api/industries", "", Needs::Nothing),
    ("GET", "/api/industries/{slug}", "/api/industries/retail", "", Needs::Nothing),
    (
        "GET",
        "/api/industries/{slug}/categories",
        "/api/industries/retail/categories",
        "",
        Needs::Nothing,
    ),
    (
        "GET",
        "/api/industries/{slug}/categories/{capability}",
        "/api/industries/retail/categories/data",
        "",
        Needs::Nothing,
    ),
];

#[tokio::test]
async fn each_route_is_open_to_everybody() {
    let table = include_str!("../../src/routes.rs");
    let wrong = authorization(&Service::ready().router, table, KEYS, ROUTES).await;
    assert_eq!(wrong, [""; 0]);
}

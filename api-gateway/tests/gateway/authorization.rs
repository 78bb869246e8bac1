//! Every route has its line here: who may use it, tried. A route without a line fails the test.

use std::collections::BTreeSet;

use axum::{body::Body, http::Method};
use registry::Verb;

use crate::{
    Answer, Site,
    identity::{add, cookies, site},
    request,
};

/// Who may use a route.
#[derive(Clone, Copy, Debug)]
enum Open {
    /// Everybody.
    ToAll,
    /// Whose cookie is signed by this site, or nobody.
    ToSessions,
    /// Who signed in.
    ToAccounts,
    /// Who may do this to `alpha`.
    To(Verb),
}

/// Method, path as in the table of routes, a path that fits it, and who may.
const ROUTES: &[(&str, &str, &str, Open)] = &[
    ("get", "/manifest.json", "/manifest.json", Open::ToAll),
    ("get", "/importmap.json", "/importmap.json", Open::ToAll),
    // Never ends: that it begins is tried in `events`.
    ("get", "/manifest/events", "", Open::ToAll),
    ("post", "/beacons", "/beacons", Open::ToSessions),
    ("post", "/auth/sign-in", "/auth/sign-in", Open::ToAll),
    ("post", "/auth/sign-out", "/auth/sign-out", Open::ToAll),
    ("post", "/auth/refresh", "/auth/refresh", Open::ToAccounts),
    ("get", "/auth/me", "/auth/me", Open::ToAccounts),
    (
        "put",
        "/registry/v1/remotes/{name}/versions/{version}",
        "/registry/v1/remotes/alpha/versions/0.3.0",
        Open::To(Verb::Publish),
    ),
    ("get", "/registry/v1/remotes", "/registry/v1/remotes", Open::ToAll),
    (
        "get",
        "/registry/v1/remotes/{name}/versions",
        "/registry/v1/remotes/alpha/versions",
        Open::ToAll,
    ),
    ("get", "/registry/v1/revisions", "/registry/v1/revisions", Open::ToAll),
    ("get", "/registry/v1/revisions/{revision}", "/registry/v1/revisions/1", Open::ToAll),
    ("post", "/registry/v1/releases", "/registry/v1/releases", Open::To(Verb::Release)),
    ("post", "/registry/v1/rollbacks", "/registry/v1/rollbacks", Open::To(Verb::Rollback)),
    ("post", "/registry/v1/gc", "/registry/v1/gc", Open::To(Verb::Gc)),
    ("get", "/registry/v1/pools", "/registry/v1/pools", Open::ToAll),
    ("post", "/registry/v1/pools", "/registry/v1/pools", Open::To(Verb::Switch)),
    ("get", "/registry/v1/outcomes", "/registry/v1/outcomes", Open::ToAll),
    ("get", "/remotes/{name}/{version}/{*file}", "/remotes/alpha/0.1.0/entry.js", Open::ToAll),
    ("get", "/shell/{*file}", "/shell/shell-v1.js", Open::ToAll),
    ("get", "/schema/{document}", "/schema/manifest.json", Open::ToAll),
    // Less of it for those who may not see addresses: `status` tries who sees what.
    ("get", "/status", "/status", Open::ToAll),
    ("get", "/status.json", "/status.json", Open::ToAll),
    // What a service lets whom do is its own matter.
    ("get", "/api/{*path}", "/api/alpha/x", Open::ToAll),
    ("get", "/api/{*path}/feed", "/api/alpha/feed", Open::ToAll),
    ("get", "/sign-in", "/sign-in", Open::ToAll),
    ("post", "/sign-in", "/sign-in", Open::ToAll),
    ("post", "/sign-out", "/sign-out", Open::ToAll),
    ("get", "/auth/oidc/start", "/auth/oidc/start", Open::ToAll),
    ("get", "/auth/oidc/callback", "/auth/oidc/callback", Open::ToAll),
    ("get", "/", "/", Open::ToAll),
    ("get", "/{*path}", "/alpha/x", Open::ToAll),
    // Operators' endpoints, which a site keeps from the outside by its network.
    ("get", "/healthz", "/healthz", Open::ToAll),
    ("get", "/metrics", "/metrics", Open::ToAll),
];

#[tokio::test]
async fn every_route_has_a_line_here() {
    let listed: BTreeSet<(String, String)> = ROUTES
        .iter()
        .map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    let api = site().await.get("/openapi.json", &[]).await.json();
    let mut known = BTreeSet::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            known.insert((method.clone(), path.clone()));
        }
    }
    // What is not documented stands in the table as `.route("<path>", <method>(…`.
    let table = include_str!("../../src/routes.rs");
    for route in table.split(".route(\"").skip(1) {
        let (path, handlers) = route.split_once('"').unwrap();
        let handlers = handlers.lines().next().unwrap();
        for method in ["get", "post", "put", "delete", "patch"] {
            let called = handlers.contains(&format!("{method}("));
            if called || (method == "get" && handlers.contains("any(")) {
                known.insert((method.to_owned(), path.to_owned()));
            }
        }
    }
    // And what passes the router is known as something.
    let shortcuts = include_str!("../../src/shortcuts.rs").split("known_as(\"").skip(1);
    let shortcuts: Vec<_> = shortcuts.map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(shortcuts.contains(&"/api/{*path}"), "{shortcuts:?}");
    known.extend(shortcuts.into_iter().map(|path| ("get".to_owned(), path.to_owned())));
    assert!(known.len() > 20, "{known:?}");
    let missing: Vec<_> = known.difference(&listed).collect();
    assert!(missing.is_empty(), "say here who may use {missing:?}");
    assert_eq!(service_kit::testing::misplaced(&api), [""; 0]);
}

/// Sends what is in order but for who sends it.
async fn send(site: &Site, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let method: Method = method.to_uppercase().parse().unwrap();
    let body = match path {
        "/registry/v1/gc" => r#"{"keep":50,"dry_run":true}"#,
        "/registry/v1/releases" => r#"{"remote":"alpha","version":"9.9.9","reason":""}"#,
        "/registry/v1/pools" => r#"{"domain":"alpha","pool":"none","weight":1,"reason":""}"#,
        "/registry/v1/rollbacks" => r#"{"remote":"alpha","reason":""}"#,
        "/beacons" => r#"{"beacons":[]}"#,
        _ => "{}",
    };
    let kind = if path.contains("/versions/") { "application/zstd" } else { "application/json" };
    let headers = [&[("content-type", kind), ("sec-fetch-site", "same-origin")], headers].concat();
    site.send(request(method, path, &headers, Body::from(body))).await
}

#[tokio::test]
async fn a_route_is_open_to_those_whom_it_is_for_and_to_nobody_else() {
    let site = site().await;
    let refused = [401, 403];
    let visitor = site.visitor().await;
    add(&site, "editor", &["editor", "analyst"]);
    add(&site, "beta", &["publisher:beta"]);
    add(&site, "alpha", &["publisher:alpha"]);
    add(&site, "admin", &["admin"]);
    let [editor, beta, alpha, admin] = [
        cookies(&site, "editor").await,
        cookies(&site, "beta").await,
        cookies(&site, "alpha").await,
        cookies(&site, "admin").await,
    ];
    for (method, path, example, open) in
        ROUTES.iter().filter(|(_, _, example, _)| !example.is_empty())
    {
        let status = async |headers: &[(&str, &str)]| {
            send(&site, method, example, headers).await.status.as_u16()
        };
        let nobody = status(&[]).await;
        match open {
            Open::ToAll => assert!(!refused.contains(&nobody), "{path}: {nobody}"),
            Open::ToSessions => {
                assert_eq!(nobody, 403, "{path}");
                assert_eq!(status(&[("cookie", &visitor)]).await, 204, "{path}");
            }
            Open::ToAccounts => {
                assert_eq!(nobody, 401, "{path}");
                assert_eq!(status(&[("cookie", &visitor)]).await, 401, "{path}");
            }
            Open::To(verb) => {
                assert_eq!(nobody, 401, "{path}");
                assert_eq!(status(&[("cookie", &visitor)]).await, 401, "{path}");
                let others: Vec<Verb> = Verb::ALL.into_iter().filter(|v| v != verb).collect();
                let wrong_verb = site.issue(&["*"], &others).await;
                let wrong_name = site.issue(&["beta"], &Verb::ALL).await;
                let right = site.issue(&["*"], &[*verb]).await;
                // A gateway reads its keys again once a second.
                tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
                for wrong in [wrong_verb, wrong_name] {
                    assert_eq!(status(&[("authorization", &wrong)]).await, 403, "{path}");
                }
                for wrong in [&editor, &beta] {
                    assert_eq!(status(&[("cookie", wrong)]).await, 403, "{path}");
                }
                let right = status(&[("authorization", &right)]).await;
                assert!(!refused.contains(&right), "{path}: {right}");
                let publisher = status(&[("cookie", &alpha)]).await;
                let of_operators = matches!(verb, Verb::Gc | Verb::Switch);
                assert_eq!(refused.contains(&publisher), of_operators, "{path}: {publisher}");
                let admin = status(&[("cookie", &admin)]).await;
                assert!(!refused.contains(&admin), "{path}: {admin}");
            }
        }
    }
    assert_eq!(send(&site, "get", "/auth/me", &[("cookie", &editor)]).await.status, 200);
}

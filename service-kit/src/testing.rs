//! What tests of every service repeat: whether each route is open to those whom it is for, and to nobody else.
//!
//! A service lists its routes with what each needs. The list is held against `/openapi.json`, so that a new
//! route without a line fails the test, and each line is tried. Not here: who sees which of the things behind a
//! route, such as somebody's own conversations. That is the service's, and its tests'.

use std::collections::BTreeSet;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use serde_json::Value;
use tower::ServiceExt;

use crate::{ACCOUNT, EDGE, ROLES, SESSION};

/// The roles that services know, to try the wrong ones.
const OTHERS: [&str; 3] = ["analyst", "editor", "visitor"];

/// What a route needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: everybody may.
    Nothing,
    /// A session, which the gateway gives to everybody who asks it.
    Session,
    /// The key of this role, or a gateway that says that somebody has it.
    Role(&'static str),
    /// The edge key, and nobody whom a gateway forwards: a program of the site.
    Site,
}

/// A route: method in capitals, path as the API's description has it, a path that fits, a body, what it needs.
///
/// The body is JSON unless it is empty. What the request is for need not be there: only who asks is tried.
pub type Route = (&'static str, &'static str, &'static str, &'static str, Needs);

/// What the service was started with.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// The secret of its role, if any of its routes needs one.
    pub role: &'static str,
    /// The edge key.
    pub edge: &'static str,
}

/// Tries every route, and returns what is wrong. `table` is the source of the service's table of routes.
pub async fn authorization(
    service: &Router,
    table: &str,
    keys: Keys,
    routes: &[Route],
) -> Vec<String> {
    let mut wrong = coverage(service, table, routes).await;
    for route @ (method, path, .., needs) in routes {
        for (headers, welcome) in tries(*needs, keys) {
            let status = send(service, route, &headers).await;
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
            if refused == welcome || status == StatusCode::METHOD_NOT_ALLOWED {
                wrong.push(format!("{method} {path} with {headers:?}: {status}"));
            }
        }
    }
    wrong
}

/// Returns which routes have no line, and which lines no route.
async fn coverage(service: &Router, table: &str, routes: &[Route]) -> Vec<String> {
    let listed: BTreeSet<(String, String)> =
        routes.iter().map(|(method, path, ..)| ((*method).into(), (*path).into())).collect();
    let api: Value = serde_json::from_slice(&body(get(service, "/openapi.json").await).await)
        .unwrap_or_default();
    let mut known = BTreeSet::new();
    for (path, methods) in api["paths"].as_object().into_iter().flatten() {
        for method in methods.as_object().into_iter().flat_map(|methods| methods.keys()) {
            known.insert((method.to_uppercase(), path.clone()));
        }
    }
    let mut wrong = Vec::new();
    if known.is_empty() {
        wrong.push("the service describes no route".to_owned());
    }
    if table.contains(".route(") {
        wrong.push("a route of the table is not described: use `routes!`".to_owned());
    }
    let lines = |routes: Vec<&(String, String)>, what: &str| -> Vec<String> {
        routes.into_iter().map(|(method, path)| format!("{method} {path}: {what}")).collect()
    };
    wrong.extend(misplaced(&api));
    wrong.extend(lines(known.difference(&listed).collect(), "say who may use it"));
    wrong.extend(lines(listed.difference(&known).collect(), "there is no such route"));
    // The operators' endpoints are the same in every service and kept from the outside by its network.
    for path in ["/healthz", "/readyz", "/metrics"] {
        if get(service, path).await.status() == StatusCode::NOT_FOUND {
            wrong.push(format!("GET {path}: it is missing"));
        }
    }
    wrong
}

/// Returns which parameters a description puts into paths that have no place for them: those of queries, mostly.
pub fn misplaced(api: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, operations) in api["paths"].as_object().into_iter().flatten() {
        for operation in operations.as_object().into_iter().flat_map(|all| all.values()) {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap_or_default();
                let there = ["{", "{*"].map(|begin| [begin, name, "}"].concat());
                if parameter["in"] == "path" && !there.iter().any(|place| path.contains(place)) {
                    wrong.push(format!("{path}: `{name}` is no part of the path"));
                }
            }
        }
    }
    wrong
}

/// Headers, and whether somebody who sends them is welcome.
fn tries(needs: Needs, keys: Keys) -> Vec<(Vec<(&'static str, String)>, bool)> {
    let session = || (SESSION, "somebody".to_owned());
    let bearer = |secret: &str| ("authorization", ["Bearer ", secret].concat());
    let edge = |key: &str| (EDGE, key.to_owned());
    let roles = |roles: &str| (ROLES, roles.to_owned());
    let account = || (ACCOUNT, "somebody".to_owned());
    let (nothing, other) = (needs == Needs::Nothing, "another secret");
    let mut tries = vec![
        (vec![], nothing),
        (vec![session()], nothing || needs == Needs::Session),
        (vec![bearer(other)], nothing),
        (vec![edge(other), roles("admin")], nothing),
    ];
    match needs {
        Needs::Nothing => {}
        Needs::Session => tries.push((vec![(SESSION, "no session".to_owned())], false)),
        Needs::Role(role) => {
            tries.extend([
                (vec![bearer(keys.role)], true),
                (vec![edge(keys.edge), roles(role)], true),
                (vec![edge(keys.edge), roles("admin")], true),
                (vec![edge(keys.edge)], false),
                (vec![roles(role)], false),
                (vec![edge(other), roles(role)], false),
                (vec![bearer(keys.edge)], false),
                (vec![edge(keys.role), roles(role)], false),
            ]);
            let others = OTHERS.into_iter().filter(|other| *other != role);
            tries.extend(others.map(|other| (vec![edge(keys.edge), roles(other)], false)));
        }
        Needs::Site => tries.extend([
            (vec![edge(keys.edge)], true),
            (vec![edge(other)], false),
            (vec![bearer(keys.edge)], false),
            (vec![edge(keys.edge), roles("admin")], false),
            (vec![edge(keys.edge), account()], false),
        ]),
    }
    tries
}

async fn send(
    service: &Router,
    (method, _, path, body, _): &Route,
    headers: &[(&'static str, String)],
) -> StatusCode {
    let mut request = Request::builder().method(*method).uri(*path);
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    match request.body(Body::from(*body)) {
        Ok(request) => answer(service, request).await.status(),
        // A line that makes no request is wrong whatever it needs.
        Err(_) => StatusCode::METHOD_NOT_ALLOWED,
    }
}

async fn get(service: &Router, path: &str) -> Response<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = path.parse().unwrap_or_default();
    answer(service, request).await
}

async fn answer(service: &Router, request: Request<Body>) -> Response<Body> {
    match service.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn body(response: Response<Body>) -> Vec<u8> {
    to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        http::{HeaderMap, StatusCode},
        routing::get,
    };
    use utoipa::openapi::{OpenApi, OpenApiBuilder, PathItem, PathsBuilder};

    use super::{Keys, Needs, authorization};
    use crate::{BearerKey, Readiness, app};

    const KEYS: Keys = Keys { role: "secret", edge: "edge" };

    fn api(paths: &[&str]) -> OpenApi {
        let item = || {
            PathItem::new(utoipa::openapi::HttpMethod::Get, utoipa::openapi::path::Operation::new())
        };
        let paths = paths.iter().fold(PathsBuilder::new(), |paths, path| paths.path(*path, item()));
        OpenApiBuilder::new().paths(paths).build()
    }

    fn service() -> Router {
        let key = BearerKey::new("secret".to_owned()).or_role("editor", "edge".to_owned());
        let guarded = get(async move |headers: HeaderMap| match key.admits(&headers) {
            true => StatusCode::NO_CONTENT,
            false => StatusCode::UNAUTHORIZED,
        });
        let routes = Router::new().route("/open", get(|| async {})).route("/guarded", guarded);
        app(routes, Readiness::ready(), api(&["/open", "/guarded"]))
    }

    async fn wrong(open: Needs, guarded: Needs) -> Vec<String> {
        let routes =
            [("GET", "/open", "/open", "", open), ("GET", "/guarded", "/guarded", "", guarded)];
        authorization(&service(), "", KEYS, &routes).await
    }

    #[tokio::test]
    async fn every_wrong_line_is_told() {
        assert_eq!(wrong(Needs::Nothing, Needs::Role("editor")).await, [""; 0]);
        for (open, guarded) in [
            (Needs::Role("editor"), Needs::Role("editor")),
            (Needs::Session, Needs::Role("editor")),
            (Needs::Site, Needs::Role("editor")),
            (Needs::Nothing, Needs::Nothing),
            (Needs::Nothing, Needs::Session),
            (Needs::Nothing, Needs::Role("analyst")),
            (Needs::Nothing, Needs::Site),
        ] {
            assert!(!wrong(open, guarded).await.is_empty(), "{open:?} {guarded:?}");
        }
    }

    #[tokio::test]
    async fn routes_without_a_line_and_lines_without_a_route_are_told() {
        let routes = [("GET", "/open", "/open", "", Needs::Nothing)];
        let told = authorization(&service(), "x.route(y)", KEYS, &routes).await;
        let expected = [
            "a route of the table is not described: use `routes!`",
            "GET /guarded: say who may use it",
        ];
        assert_eq!(told, expected);
        let gone = [("GET", "/gone", "/open", "", Needs::Nothing)];
        let told = authorization(&service(), "", KEYS, &gone).await;
        assert!(told.contains(&"GET /gone: there is no such route".to_owned()), "{told:?}");
    }
}

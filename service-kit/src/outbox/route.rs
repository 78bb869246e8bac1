//! `GET /events`: how consumers read.
//!
//! For programs of the site that have the edge key, and outside of `/api`, so that no gateway forwards it.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use contract::Problem;
use rusqlite::Connection;
use serde::Deserialize;
use tokio::time::{Instant, sleep};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Cursor, Page, create, page};
use crate::{ApiError, EdgeKey, Json, Query, stopping};

/// The route's path.
pub const EVENTS: &str = "/events";
const MOST: u32 = 500;
const LONGEST_WAIT: u64 = 30;
/// How often somebody who waits is looked after: one read of an index.
const LOOK: Duration = Duration::from_millis(250);

/// An outbox that can be read over HTTP. Clones share a connection.
#[derive(Clone, Debug)]
pub struct Outbox {
    connection: Arc<Mutex<Connection>>,
    key: Option<EdgeKey>,
}

impl Outbox {
    /// Opens the outbox in a database, and makes it when it is missing; without a key nobody reads it.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn open(file: &Path, key: Option<EdgeKey>) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        create(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), key })
    }

    async fn page(&self, after: Option<Cursor>, limit: u32) -> Result<Page, ApiError> {
        let connection = Arc::clone(&self.connection);
        let reading = tokio::task::spawn_blocking(move || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            page(&connection, after.as_ref(), limit)
        });
        let read = reading.await.map_err(ApiError::internal)?.map_err(ApiError::internal)?;
        let detail = "This outbox never gave that cursor: it was made anew. Begin without one.";
        read.ok_or_else(|| ApiError::new(StatusCode::GONE, "unknown-cursor", detail))
    }
}

/// Returns the route. It is there without an outbox too, and says that it is off.
pub fn routes<S: Clone + Send + Sync + 'static>(outbox: Option<Outbox>) -> OpenApiRouter<S> {
    OpenApiRouter::new().routes(routes!(events)).with_state(outbox)
}

/// Where to go on, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// `cursor` of the last page; absent at the beginning.
    after: Option<String>,
    /// 1–500; 200 by default.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Seconds to wait for an event when there is none, 0–30; 0 by default.
    #[param(minimum = 0, maximum = 30)]
    wait: Option<u64>,
}

/// Returns what happened after a cursor, oldest first, waiting for it if asked to. For programs of the site.
///
/// Events are kept for 90 days. Each is told at least once: know them by `log` and `id`.
#[utoipa::path(
    get,
    path = EVENTS,
    tag = "events",
    params(EventsQuery),
    responses(
        (status = 200, body = Page),
        (status = 400, description = "Malformed cursor", body = Problem),
        (status = 401, description = "`not-of-this-site`", body = Problem),
        (status = 403, description = "`events-are-off`: no key is configured", body = Problem),
        (status = 410, description = "The outbox was made anew: begin again", body = Problem),
        (status = 422, description = "A number is out of range", body = Problem),
    )
)]
async fn events(
    State(outbox): State<Option<Outbox>>,
    headers: HeaderMap,
    Query(EventsQuery { after, limit, wait }): Query<EventsQuery>,
) -> Result<Json<Page>, ApiError> {
    let off = "Events are not told. Start the service with ASTERISM_EDGE_KEY.";
    let off = || ApiError::new(StatusCode::FORBIDDEN, "events-are-off", off);
    let outbox = outbox.ok_or_else(off)?;
    if !outbox.key.as_ref().ok_or_else(off)?.admits(&headers) {
        let detail = "Events are told to programs that have this site's edge key.";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "not-of-this-site", detail));
    }
    let limit = limit.unwrap_or(200);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::invalid_field("limit", "must be from 1 to 500"));
    }
    let wait = wait.unwrap_or(0);
    if wait > LONGEST_WAIT {
        return Err(ApiError::invalid_field("wait", "must be from 0 to 30 seconds"));
    }
    let after = after.as_deref().map(str::parse::<Cursor>).transpose().map_err(|error| {
        ApiError::new(StatusCode::BAD_REQUEST, "invalid-input", format!("`after`: {error}."))
    })?;
    let until = Instant::now() + Duration::from_secs(wait);
    loop {
        let page = outbox.page(after.clone(), limit).await?;
        if !page.events.is_empty() || Instant::now() >= until {
            return Ok(Json(page));
        }
        tokio::select! {
            () = sleep(LOOK) => {}
            () = stopping() => return Ok(Json(page)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::{
        body::Body,
        http::{Request, StatusCode},
    };
    use http_body_util::BodyExt;
    use rusqlite::Connection;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::{Outbox, routes};
    use crate::{EDGE, EdgeKey, ROLES, Readiness, app, outbox::append};

    async fn ask(outbox: Option<Outbox>, query: &str, headers: &[(&str, &str)]) -> (u16, Value) {
        let (router, api) = routes::<()>(outbox).split_for_parts();
        let mut request = Request::get(["/events", query].concat());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = app(router, Readiness::ready(), api).oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn only_programs_of_the_site_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("db");
        let off = Outbox::open(&file, None).unwrap();
        let outbox = Outbox::open(&file, Some(EdgeKey::new("k".to_owned()))).unwrap();
        let some = || Some(outbox.clone());
        for (outbox, headers, status) in [
            (None, &[(EDGE, "k")][..], 403),
            (Some(off), &[(EDGE, "k")], 403),
            (some(), &[], 401),
            (some(), &[(EDGE, "x")], 401),
            (some(), &[(EDGE, "k"), (ROLES, "admin")], 401),
            (some(), &[(EDGE, "k")], 200),
        ] {
            assert_eq!(ask(outbox, "", headers).await.0, status, "{headers:?}");
        }
        for (query, status) in [
            ("?limit=0", 422),
            ("?limit=501", 422),
            ("?wait=31", 422),
            ("?after=x", 400),
            ("?before=1", 400),
            ("?after=other-1", 410),
        ] {
            assert_eq!(ask(some(), query, &[(EDGE, "k")]).await.0, status, "{query}");
        }
    }

    #[tokio::test]
    async fn who_waits_hears_of_an_event_when_it_comes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("db");
        let outbox = Outbox::open(&file, Some(EdgeKey::new("k".to_owned()))).unwrap();
        let key = [(EDGE, "k")];
        let (status, page) = ask(Some(outbox.clone()), "", &key).await;
        assert_eq!((status, &page["head"]), (StatusCode::OK.as_u16(), &0.into()));
        let query = ["?wait=20&after=", page["cursor"].as_str().unwrap()].concat();
        let waiting = tokio::spawn(async move { ask(Some(outbox), &query, &key).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        append(&Connection::open(file).unwrap(), "a", 1, &7).unwrap();
        let (_, page) =
            tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap();
        assert_eq!((&page["events"][0]["value"], &page["head"]), (&7.into(), &1.into()));
    }
}

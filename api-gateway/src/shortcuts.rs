//! What most requests are for, past the router: the domains, and files of remotes under their plain names.
//!
//! A router matches the path, copies the route and what it found into the request, and answers through five layers
//! of its own. For these two that takes longer than what is done for the request (docs/performance.md).

use axum::{
    extract::{Request, State},
    http::Method,
    response::Response,
};
use service_kit::{ApiError, Next, known_as};

use crate::{AppState, identity, proxy, remotes, traffic};

/// Puts them beside `routes`.
pub(crate) fn beside(routes: Next, state: &AppState) -> Next {
    let domains = Next::answering(state.clone(), proxy::forward)
        .inside_with(state.clone(), identity::services::told)
        .within(traffic::Measured(state.clone()));
    // Who waits there for news waits on purpose: those are not to make the others look slow.
    let feeds = known_as("/api/{*path}/feed", domains.clone());
    let domains = known_as("/api/{*path}", domains);
    let files = Next::answering(state.clone(), file);
    let files = known_as("/remotes/{name}/{version}/{*file}", files);
    Next::choosing(move |request| {
        let path = request.uri().path();
        let by = if path.strip_prefix("/api/").is_some_and(|rest| !rest.is_empty()) {
            if path.ends_with("/feed") { &feeds } else { &domains }
        } else if request.method() == Method::GET && plain(path).is_some() {
            &files
        } else {
            &routes
        };
        by.clone()
    })
}

async fn file(State(state): State<AppState>, request: Request) -> Result<Response, ApiError> {
    let named = plain(request.uri().path()).unwrap_or_default();
    remotes::answer(&state, named, request.headers()).await
}

/// Returns remote, version and file that a path names without any character that is encoded.
fn plain(path: &str) -> Option<(&str, &str, &str)> {
    let named = path.strip_prefix("/remotes/").filter(|named| !named.contains('%'))?;
    let (remote, named) = named.split_once('/')?;
    let (version, file) = named.split_once('/')?;
    let empty = remote.is_empty() || version.is_empty() || file.is_empty();
    if empty { None } else { Some((remote, version, file)) }
}
#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_file_is_named_plainly_or_left_to_the_router() {
        for (path, expected) in [
            ("/remotes/a/1.0.0/b.js", Some(("a", "1.0.0", "b.js"))),
            ("/remotes/a/1.0.0/b/c.js", Some(("a", "1.0.0", "b/c.js"))),
            ("/remotes/a/1.0.0/", None),
            ("/remotes/a/1.0.0", None),
            ("/remotes//1.0.0/b.js", None),
            ("/remotes/a/1.0.0/b%2ejs", None),
            ("/remote/a/1.0.0/b.js", None),
        ] {
            assert_eq!(plain(path), expected, "{path}");
        }
    }
}

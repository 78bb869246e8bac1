//! Answers that are the same for everybody: caches may keep them and ask each time whether they still hold.
//!
//! So nobody sees an older answer than the service has, most answers are a 304 without a body, and while the
//! service is down its last ones are still shown (docs/caching.md).

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::{ApiError, etag::if_none_match};

/// `Cache-Control` of such answers: for a day, they may stand in for a service that fails.
pub const REVALIDATED: HeaderValue =
    HeaderValue::from_static("public, max-age=0, stale-if-error=86400");

/// Middleware that gives the answers to `GET` an `ETag` by their content, and [`REVALIDATED`]. Only for
/// routes that answer everybody alike.
pub async fn revalidated(request: Request, next: Next) -> Response {
    let reads = request.method() == Method::GET;
    let known =
        request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect::<Vec<_>>();
    let response = next.run(request).await;
    if !reads || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It was made whole by its handler, whatever its size.
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return ApiError::internal(error).into_response(),
    };
    let digest: [u8; 32] = Sha256::digest(&body).into();
    let tag = format!("\"{:032x}\"", u128::from_be_bytes(std::array::from_fn(|i| digest[i])));
    let Ok(etag) = HeaderValue::try_from(&tag) else {
        return Response::from_parts(parts, Body::from(body));
    };
    if if_none_match(&known, &tag) {
        let headers =
            HeaderMap::from_iter([(header::ETAG, etag), (header::CACHE_CONTROL, REVALIDATED)]);
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    parts.headers.insert(header::ETAG, etag);
    parts.headers.insert(header::CACHE_CONTROL, REVALIDATED);
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::Body,
        extract::Path,
        http::{Request, StatusCode, header},
        middleware::from_fn,
        response::Response,
        routing::get,
    };
    use tower::ServiceExt;

    use super::{REVALIDATED, revalidated};

    async fn send(path: &str, known: &str) -> Response {
        let one = async |Path(status): Path<u16>| (StatusCode::from_u16(status).unwrap(), "text");
        let routes = Router::new().route("/{status}", get(one)).layer(from_fn(revalidated));
        let request = Request::get(path).header(header::IF_NONE_MATCH, known);
        routes.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn who_has_it_is_told_so() {
        let answer = send("/200", "").await;
        assert_eq!(answer.headers()[header::CACHE_CONTROL], REVALIDATED);
        let tag = answer.headers()[header::ETAG].to_str().unwrap().to_owned();
        for (known, status) in [
            (tag.clone(), 304),
            (format!("\"x\", W/{tag}"), 304),
            ("*".to_owned(), 304),
            ("\"x\"".to_owned(), 200),
            (tag.replace('"', ""), 200),
        ] {
            let answer = send("/200", &known).await;
            assert_eq!(answer.status(), status, "{known}");
            assert_eq!(answer.headers()[header::ETAG], tag.as_str(), "{known}");
        }
    }

    #[tokio::test]
    async fn a_failure_is_kept_by_nobody() {
        for path in ["/404", "/503"] {
            let answer = send(path, "*").await;
            assert!(!answer.headers().contains_key(header::CACHE_CONTROL), "{path}");
        }
    }
}

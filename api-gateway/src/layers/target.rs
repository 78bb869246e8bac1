//! One reading of what a request is for.
//!
//! HTTP has several ways to say it, and two servers that prefer different ones can be played off against each
//! other. After this the URI is a path and `Host` is the host, whichever way the request named it.
//!
//! Not here: framing (hyper refuses what is ambiguous), paths below `/api` (`proxy`), which hosts are ours.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderValue, Method, StatusCode, Uri, Version, header, uri::Authority},
    response::Response,
};
use service_kit::{ApiError, Around};

/// What some path of the site takes, and a domain's service may.
const TAKEN: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");

/// Refuses what is ambiguous, and makes the rest plain.
pub(super) struct Plain;

impl Around for Plain {
    type Kept = ();

    fn before(&self, request: &mut Request) -> Result<(), Box<Response>> {
        Ok(simplify(request)?)
    }
}

pub(crate) fn simplify<B>(request: &mut http::Request<B>) -> Result<(), ApiError> {
    // Neither asks for a resource: a tunnel, and the request itself with all that proxies added to it.
    if matches!(*request.method(), Method::CONNECT | Method::TRACE) {
        let detail = "This site takes neither CONNECT nor TRACE.";
        let refused = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail);
        return Err(refused.with_header(header::ALLOW, TAKEN));
    }
    let host = host(request)?;
    if let Some(host) = host {
        request.headers_mut().insert(header::HOST, host);
    }
    if request.uri().authority().is_some() {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        *request.uri_mut() = Uri::try_from(path).map_err(|_| bad_host())?;
    }
    Ok(())
}

/// The host that the URI names, which counts in place of the header's. Only HTTP/1.1 must name one, and a request that
/// was made in memory has no connection on which it could be taken for another one's.
fn host<B>(request: &http::Request<B>) -> Result<Option<HeaderValue>, ApiError> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let (header, None) = (named.next(), named.next()) else { return Err(bad_host()) };
    // A header that is wrong is wrong also where it does not count.
    header.map(check).transpose()?;
    if let Some(host) = request.uri().authority() {
        let host = HeaderValue::from_str(host.as_str()).map_err(|_| bad_host())?;
        check(&host)?;
        return Ok(Some(host));
    }
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>().is_some();
    if header.is_none() && connected && request.version() == Version::HTTP_11 {
        return Err(bad_host());
    }
    Ok(None)
}

fn check(value: &HeaderValue) -> Result<(), ApiError> {
    let parsed = Authority::try_from(value.as_bytes()).map_err(|_| bad_host())?;
    // With a user's name in it, it reads like another host.
    if parsed.as_str().contains('@') || parsed.host().is_empty() {
        return Err(bad_host());
    }
    Ok(())
}

fn bad_host() -> ApiError {
    let detail = "Name the host once and plainly: `Host: <name>` or `Host: <name>:<port>`.";
    ApiError::new(StatusCode::BAD_REQUEST, "bad-host", detail)
}

#[cfg(test)]
mod tests {
    use axum::http::{
        Method, Request,
        header::{ALLOW, HOST},
    };

    use super::simplify;

    fn simplified(method: Method, uri: &str, hosts: &[&str]) -> Result<(String, String), u16> {
        let mut request = Request::builder().method(method).uri(uri);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        let mut request = request.body(()).unwrap();
        simplify(&mut request).map_err(|refused| refused.status.as_u16())?;
        let host = request.headers().get(HOST).map_or("", |host| host.to_str().unwrap());
        Ok((request.uri().to_string(), host.to_owned()))
    }

    #[test]
    fn whichever_way_it_is_named_there_is_one_host_and_one_path() {
        for (uri, hosts, expected) in [
            ("/a?b", &["site.example"][..], ("/a?b", "site.example")),
            ("http://site.example:8080/a?b", &["site.example"], ("/a?b", "site.example:8080")),
            ("https://site.example", &[], ("/", "site.example")),
            ("/a", &["[2001:db8::1]:8080"], ("/a", "[2001:db8::1]:8080")),
            ("/a", &[], ("/a", "")),
        ] {
            let (uri_after, host) = simplified(Method::GET, uri, hosts).unwrap();
            assert_eq!((uri_after.as_str(), host.as_str()), expected, "{uri} {hosts:?}");
        }
    }

    #[test]
    fn what_is_ambiguous_is_refused() {
        for hosts in [
            &["a.example", "b.example"][..],
            &["a.example", "a.example"],
            &["a.example, b.example"],
            &["a@b.example"],
            &["a.example/path"],
            &["a example"],
            &[""],
            &[":80"],
        ] {
            assert_eq!(simplified(Method::GET, "/", hosts), Err(400), "{hosts:?}");
            assert_eq!(simplified(Method::GET, "http://c.example/", hosts), Err(400), "{hosts:?}");
        }
        assert_eq!(simplified(Method::GET, "http://a@b.example/", &[]), Err(400));
        assert_eq!(simplified(Method::TRACE, "/", &["a.example"]), Err(405));
        assert_eq!(simplified(Method::CONNECT, "a.example:443", &["a.example"]), Err(405));
    }

    #[test]
    fn who_sends_a_method_that_is_not_taken_is_told_those_that_are() {
        let mut trace = Request::builder().method(Method::TRACE).uri("/").body(()).unwrap();
        let allowed = simplify(&mut trace).unwrap_err().headers[ALLOW].clone();
        let allowed = allowed.to_str().unwrap();
        assert!(allowed.contains("GET, ") && !allowed.contains("TRACE"), "{allowed}");
    }
}

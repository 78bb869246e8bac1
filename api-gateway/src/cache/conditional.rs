//! `If-None-Match` and `If-Modified-Since` of callers, answered here (RFC 9110, 13). Pure.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use service_kit::if_none_match;

/// What says something of a body that a 304 does not have.
const OF_THE_BODY: [HeaderName; 4] = [
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_TYPE,
    header::CONTENT_LANGUAGE,
];

/// Removes the caller's conditions: an answer that is to be kept must have a body.
pub(super) fn without(mut headers: HeaderMap) -> HeaderMap {
    headers.remove(header::IF_NONE_MATCH);
    headers.remove(header::IF_MODIFIED_SINCE);
    headers
}

/// Tells whether the caller of a request has what an answer with `status` and `answer` would bring.
pub(super) fn has_it(request: &HeaderMap, status: StatusCode, answer: &HeaderMap) -> bool {
    if status != StatusCode::OK {
        return false;
    }
    if !request.contains_key(header::IF_NONE_MATCH) {
        return unmodified(request, answer);
    }
    let current = answer.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    current.is_some_and(|etag| if_none_match(request.get_all(header::IF_NONE_MATCH), etag))
}

fn unmodified(request: &HeaderMap, answer: &HeaderMap) -> bool {
    let date = |headers: &HeaderMap, name| {
        httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
    };
    let since = date(request, header::IF_MODIFIED_SINCE);
    since.is_some_and(|since| {
        date(answer, header::LAST_MODIFIED).is_some_and(|modified| modified <= since)
    })
}

/// Makes the head of an answer that of a 304.
pub(super) fn not_modified(headers: &mut HeaderMap) -> StatusCode {
    for name in OF_THE_BODY {
        headers.remove(name);
    }
    StatusCode::NOT_MODIFIED
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

    use super::has_it;

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_tag_counts_for_more_than_a_date() {
        let answer =
            map(&[("etag", "\"a,b\""), ("last-modified", "Fri, 27 Nov 2026 14:00:00 GMT")]);
        let later = ("if-modified-since", "Fri, 27 Nov 2026 15:00:00 GMT");
        for (sent, expected) in [
            (&[][..], false),
            (&[("if-none-match", "\"a,b\"")], true),
            (&[("if-none-match", "\"x\", W/\"a,b\"")], true),
            (&[("if-none-match", "*")], true),
            (&[("if-none-match", "\"a\", \"b\"")], false),
            (&[("if-none-match", "a,b")], false),
            (&[("if-none-match", "\"x\""), later], false),
            (&[later], true),
            (&[("if-modified-since", "Fri, 27 Nov 2026 13:59:59 GMT")], false),
            (&[("if-modified-since", "yesterday")], false),
        ] {
            assert_eq!(has_it(&map(sent), StatusCode::OK, &answer), expected, "{sent:?}");
        }
        let same = map(&[("if-none-match", "\"a,b\"")]);
        assert!(!has_it(&same, StatusCode::NOT_FOUND, &answer));
        assert!(!has_it(&same, StatusCode::OK, &map(&[])));
    }
}

//! `If-Match: "<revision>"`: a change only to what its author has seen.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use service_kit::ApiError;

/// The expected revision, `None` when any will do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) Option<u64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut values = parts.headers.get_all(header::IF_MATCH).iter();
        let read = match (values.next(), values.next()) {
            (None, _) => return Ok(Self(None)),
            (Some(value), None) => value.to_str().ok().and_then(parse),
            (Some(_), Some(_)) => None,
        };
        read.ok_or_else(|| {
            let detail =
                "`If-Match` takes one revision in quotes, as in `If-Match: \"42\"`, or `*`.";
            ApiError::new(StatusCode::BAD_REQUEST, "bad-if-match", detail)
        })
    }
}

fn parse(value: &str) -> Option<IfMatch> {
    if value == "*" {
        return Some(IfMatch(None));
    }
    let revision = value.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    Some(IfMatch(Some(revision)))
}

#[cfg(test)]
mod tests {
    use super::{IfMatch, parse};

    #[test]
    fn one_strong_revision_or_any() {
        assert_eq!(parse("\"42\""), Some(IfMatch(Some(42))));
        assert_eq!(parse("*"), Some(IfMatch(None)));
        for bad in ["", "42", "W/\"42\"", "\"x\"", "\"-1\"", "\"1\", \"2\"", "\""] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}

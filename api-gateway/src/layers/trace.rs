//! [W3C trace context](https://www.w3.org/TR/trace-context/): continued where it is valid, begun where not.
//!
//! Not here: exporting spans. The gateway's span exists as an id in its log line and in what upstreams
//! get as their parent.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue},
    response::Response,
};
use service_kit::Next;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";

/// Gives the request a valid `traceparent` whose span is the gateway's own.
pub(super) async fn continued(mut request: Request, next: Next) -> Response {
    // Without randomness there is no id worth having; the request itself can go on.
    let mut random = [0; 24];
    getrandom::fill(&mut random).ok();
    renew(request.headers_mut(), random);
    next.run(request).await
}

fn renew(headers: &mut HeaderMap, random: [u8; 24]) {
    let mut given = headers.get_all(TRACEPARENT).iter();
    let parent = match (given.next(), given.next()) {
        (Some(value), None) => value.to_str().ok().and_then(parse),
        _ => None,
    };
    if parent.is_none() {
        // It belongs to a trace that is not continued.
        headers.remove(TRACESTATE);
    }
    let span = hex::encode(&random[..8]);
    let new = match parent {
        Some((trace, flags)) => format!("00-{trace}-{span}-{flags}"),
        None => format!("00-{}-{span}-01", hex::encode(&random[8..])),
    };
    match HeaderValue::try_from(new) {
        Ok(value) => drop(headers.insert(TRACEPARENT, value)),
        Err(_) => drop(headers.remove(TRACEPARENT)),
    }
}

/// Returns trace id and flags of a valid header.
fn parse(header: &str) -> Option<(String, String)> {
    let mut parts = header.splitn(5, '-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, len| {
        text.len() == len && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let id = |text: &str, len| hex(text, len) && text.bytes().any(|b| b != b'0');
    let more = parts.next().is_some();
    // A later version may carry more; of it we know only what version 00 has.
    let known = hex(version, 2) && version != "ff" && (version != "00" || !more);
    (known && id(trace, 32) && id(span, 16) && hex(flags, 2))
        .then(|| (trace.to_owned(), flags.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn after(given: &[&str]) -> (String, bool) {
        let mut headers = HeaderMap::new();
        for value in given {
            headers.append(TRACEPARENT, HeaderValue::from_str(value).unwrap());
        }
        headers.insert(TRACESTATE, HeaderValue::from_static("vendor=1"));
        renew(&mut headers, [7; 24]);
        assert_eq!(headers.get_all(TRACEPARENT).iter().count(), 1);
        let value = headers[TRACEPARENT].to_str().unwrap().to_owned();
        (value, headers.contains_key(TRACESTATE))
    }

    #[test]
    fn a_valid_trace_is_continued_under_a_new_span() {
        let span = "07".repeat(8);
        for (given, flags) in [
            (format!("00-{TRACE}-00f067aa0ba902b7-01"), "01"),
            (format!("00-{TRACE}-00f067aa0ba902b7-00"), "00"),
            (format!("cc-{TRACE}-00f067aa0ba902b7-01-what-comes-later"), "01"),
        ] {
            assert_eq!(after(&[&given]), (format!("00-{TRACE}-{span}-{flags}"), true), "{given}");
        }
    }

    #[test]
    fn anything_else_begins_a_trace() {
        let good = format!("00-{TRACE}-00f067aa0ba902b7-01");
        let new = (format!("00-{}-{}-01", "07".repeat(16), "07".repeat(8)), false);
        assert_eq!(after(&[]), new);
        assert_eq!(after(&[&good, &good]), new, "two are none");
        for bad in [
            "",
            "garbage",
            &format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            &format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            &format!("00-{TRACE}-0000000000000000-01"),
            &format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            &format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            &format!("00-{TRACE}-00f067aa0ba902b7"),
        ] {
            assert_eq!(after(&[bad]), new, "{bad}");
        }
    }
}

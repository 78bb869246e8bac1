//! `Cache-Control` as a shared cache reads it (RFC 9111, 5.2; RFC 5861). Pure.
//!
//! Whatever is written wrongly is read as the stricter thing. Not here: `Expires` and `Pragma`: who wants an
//! answer kept says so in the header that is made for it.

use std::time::Duration;

use axum::http::{HeaderMap, header};

/// What an answer, or a request, says of being kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Control {
    pub(super) no_store: bool,
    pub(super) no_cache: bool,
    pub(super) private: bool,
    pub(super) public: bool,
    /// `must-revalidate` or `proxy-revalidate`: never stale, whatever happens.
    pub(super) never_stale: bool,
    pub(super) max_age: Option<Duration>,
    pub(super) s_maxage: Option<Duration>,
    pub(super) while_revalidate: Option<Duration>,
    pub(super) if_error: Option<Duration>,
}

impl Control {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut control = Self::default();
        for value in headers.get_all(header::CACHE_CONTROL) {
            // A directive may hide in what cannot be read.
            match value.to_str().ok().and_then(elements) {
                Some(elements) => elements.into_iter().for_each(|element| control.take(element)),
                None => control.no_store = true,
            }
        }
        control
    }

    fn take(&mut self, element: &str) {
        let (name, argument) = match element.split_once('=') {
            Some((name, argument)) => (name.trim_end(), argument.trim_start().trim_matches('"')),
            None => (element, ""),
        };
        let seconds = match name.to_ascii_lowercase().as_str() {
            "no-store" => return self.no_store = true,
            // With names of headers, both are about these alone: read as being about all of the answer.
            "no-cache" => return self.no_cache = true,
            "private" => return self.private = true,
            "public" => return self.public = true,
            "must-revalidate" | "proxy-revalidate" => return self.never_stale = true,
            "max-age" => &mut self.max_age,
            "s-maxage" => &mut self.s_maxage,
            "stale-while-revalidate" => &mut self.while_revalidate,
            "stale-if-error" => &mut self.if_error,
            _ => return,
        };
        // Said twice, the shorter one counts.
        let said = delta(argument);
        *seconds = Some(seconds.map_or(said, |before| before.min(said)));
    }

    /// Returns how long an answer is fresh.
    pub(super) fn lifetime(&self) -> Duration {
        let said = self.s_maxage.or(self.max_age).unwrap_or_default();
        if self.no_cache { Duration::ZERO } else { said }
    }
}

/// Returns a number of seconds; what is none is 0, and what is too large is large (RFC 9111, 1.2.2).
fn delta(text: &str) -> Duration {
    const MOST: u64 = 1 << 31;

    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = if digits { text.parse().unwrap_or(MOST).min(MOST) } else { 0 };
    Duration::from_secs(seconds)
}

/// Returns the elements of a list that may have quoted strings; `None` when a quote is left open.
fn elements(text: &str) -> Option<Vec<&str>> {
    let (mut quoted, mut escaped) = (false, false);
    let ends = |c: char| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        c == ',' && !quoted
    };
    let elements = text.split(ends).map(str::trim).filter(|element| !element.is_empty()).collect();
    if quoted { None } else { Some(elements) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{HeaderMap, HeaderValue, header};
    use proptest::prelude::*;

    use super::{Control, elements};

    fn read(values: &[&'static str]) -> Control {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::CACHE_CONTROL, HeaderValue::from_static(value));
        }
        Control::of(&headers)
    }

    fn seconds(seconds: u64) -> Option<Duration> {
        Some(Duration::from_secs(seconds))
    }

    #[test]
    fn directives_are_read_from_all_lines_in_any_case() {
        let control =
            read(&["Public, MAX-AGE=60", "stale-while-revalidate=5,stale-if-error=\"9\""]);
        let expected = Control {
            public: true,
            max_age: seconds(60),
            while_revalidate: seconds(5),
            if_error: seconds(9),
            ..Control::default()
        };
        assert_eq!(control, expected);
        assert!(read(&["max-age=1, private"]).private);
        assert!(read(&["private=\"x-one, x-two\", max-age=1"]).private);
        assert!(!read(&["ext=\"private, no-store\", max-age=1"]).private);
        assert!(read(&["proxy-revalidate"]).never_stale);
    }

    #[test]
    fn what_is_wrong_is_read_strictly() {
        for (text, expected) in [
            ("max-age=-1", 0),
            ("max-age", 0),
            ("max-age=1.5", 0),
            ("max-age=60, max-age=5", 5),
            ("max-age=99999999999999999999", 1 << 31),
        ] {
            assert_eq!(read(&[text]).max_age, seconds(expected), "{text}");
        }
        assert!(read(&["ext=\"open, private"]).no_store);
        let unreadable = HeaderValue::from_bytes(b"max-age=1, \xff").unwrap();
        let headers = HeaderMap::from_iter([(header::CACHE_CONTROL, unreadable)]);
        assert!(Control::of(&headers).no_store);
    }

    #[test]
    fn the_shared_lifetime_counts_and_no_cache_leaves_none() {
        assert_eq!(read(&["max-age=60, s-maxage=5"]).lifetime().as_secs(), 5);
        assert_eq!(read(&["no-cache, max-age=60"]).lifetime().as_secs(), 0);
        assert_eq!(read(&["public"]).lifetime().as_secs(), 0);
    }

    proptest! {
        #[test]
        fn a_plain_directive_is_never_missed(before in "[a-z=0-9, ]{0,20}", after in "[a-z=0-9, ]{0,20}") {
            let text = format!("{before}, private ,{after}");
            let headers = HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::try_from(text).unwrap())]);
            prop_assert!(Control::of(&headers).private);
        }

        #[test]
        fn elements_are_what_was_written(written in prop::collection::vec("[a-z=]{1,5}|\"[a-z,]{0,5}\"", 0..6)) {
            let text = written.join(" ,");
            prop_assert_eq!(elements(&text).unwrap(), written);
        }
    }
}

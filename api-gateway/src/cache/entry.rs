//! One answer that is kept: whether it may be, how old it is, and what may be done with it now. Pure over
//! `now` (RFC 9111, 3 and 4; RFC 5861).
//!
//! Clocks are not compared: an answer's age is the `Age` that it came with, the time that it took to come, and
//! the time that it has been here. So a clock that is wrong, or jumps, makes nothing fresh.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use bytes::Bytes;
use service_kit::REQUEST_ID;
use tokio::time::Instant;

use super::{
    control::Control,
    key::{Key, varies_by},
    wish::Wish,
};

/// What one exchange said that is not the answer's.
const OF_THE_EXCHANGE: [HeaderName; 5] = [
    header::AGE,
    HeaderName::from_static(REQUEST_ID),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("server-timing"),
    // Added anew each time.
    super::status::CACHE_STATUS,
];
/// What describes the body, which a 304 has none of (RFC 9111, 3.2).
const OF_THE_BODY: [HeaderName; 4] =
    [header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::CONTENT_TYPE, header::CONTENT_RANGE];

/// The head of an answer that may be kept.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) varies_by: Vec<HeaderName>,
    control: Control,
    /// The `Age` that it came with.
    told_age: Duration,
    /// When it was asked for.
    sent: Instant,
}

/// An answer that is kept.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) head: Head,
    pub(super) body: Bytes,
}

/// What may be done with it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Fresh,
    /// It may be sent while the next one is fetched.
    Stale,
    /// The upstream must be asked first.
    Expired,
}

impl Head {
    /// Returns the head to keep of an answer to a request that was sent at `sent`, `None` when a cache that
    /// people share must not keep it.
    ///
    /// Narrower than RFC 9111, 3: an answer must say that it may be kept, and one that sets a cookie is
    /// somebody's whatever else it says.
    pub(super) fn of(
        status: StatusCode,
        headers: &HeaderMap,
        with_credentials: bool,
        sent: Instant,
    ) -> Option<Self> {
        let control = Control::of(headers);
        let kept = matches!(status.as_u16(), 200 | 203 | 204 | 301 | 308 | 404 | 410);
        let said = control.public || control.max_age.is_some() || control.s_maxage.is_some();
        let forbidden = control.no_store || control.private;
        // RFC 9111, 3.5, and the stricter half of it.
        let theirs = with_credentials && !control.public;
        if !kept || !said || forbidden || theirs || headers.contains_key(header::SET_COOKIE) {
            return None;
        }
        let varies_by = varies_by(headers)?;
        let told = headers.get(header::AGE).and_then(|age| age.to_str().ok()?.parse().ok());
        let told_age = Duration::from_secs(told.unwrap_or(0));
        let mut headers = headers.clone();
        for name in OF_THE_EXCHANGE {
            headers.remove(name);
        }
        Some(Self { status, headers, varies_by, control, told_age, sent })
    }

    /// Returns the head after a 304 with `headers`; `None` when it must not be kept any longer.
    ///
    /// Narrower than RFC 9111, 4.3.4: a 304 may say that the body is for fewer than it was made for, never for
    /// more. Else one careless `ETag` lets one session's answer be found by all.
    pub(super) fn renewed(&self, headers: &HeaderMap, sent: Instant) -> Option<Self> {
        let mut merged = self.headers.clone();
        for name in headers.keys().filter(|name| !OF_THE_BODY.contains(name)) {
            merged.remove(name);
            for value in headers.get_all(name) {
                merged.append(name, value.clone());
            }
        }
        let head = Self::of(self.status, &merged, false, sent)?;
        let chosen_by_less = self.varies_by.iter().any(|name| !head.varies_by.contains(name));
        let more_public = head.is_public() && !self.is_public();
        (!chosen_by_less && !more_public).then_some(head)
    }

    pub(super) fn is_public(&self) -> bool {
        self.control.public
    }

    pub(super) fn age(&self, now: Instant) -> Duration {
        self.told_age.saturating_add(now.saturating_duration_since(self.sent))
    }

    /// Tells whether it was asked for after `other`.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        self.sent > other.sent
    }

    /// Returns the seconds that it is still fresh, below 0 since when it is not.
    pub(super) fn ttl(&self, now: Instant) -> i64 {
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        seconds(self.control.lifetime()).saturating_sub(seconds(self.age(now)))
    }

    /// Returns since when it is not fresh any more.
    fn staleness(&self, now: Instant) -> Option<Duration> {
        let (age, lifetime) = (self.age(now), self.control.lifetime());
        (age >= lifetime).then(|| age.saturating_sub(lifetime))
    }

    /// Whether it says that it may never be sent stale (RFC 9111, 4.2.4). `s-maxage` alone does not forbid
    /// what is allowed beside it.
    fn never_stale(&self) -> bool {
        self.control.no_cache || self.control.never_stale
    }

    /// Tells what may be done with it for a request.
    pub(super) fn standing(&self, now: Instant, wish: &Wish) -> Standing {
        if wish.no_cache || wish.max_age.is_some_and(|most| most.is_zero() || self.age(now) > most)
        {
            return Standing::Expired;
        }
        match (self.staleness(now), self.control.while_revalidate) {
            (None, _) => Standing::Fresh,
            (Some(stale), Some(window)) if stale <= window && !self.never_stale() => {
                Standing::Stale
            }
            _ => Standing::Expired,
        }
    }

    /// Tells whether it may be sent because the upstream failed (`stale-if-error`, RFC 5861, 4).
    pub(super) fn may_stand_in(&self, now: Instant, wish: &Wish) -> bool {
        let stale = self.staleness(now).unwrap_or_default();
        let allowed = self.control.if_error.is_some_and(|window| stale <= window);
        allowed && !self.never_stale() && !wish.no_cache
    }

    /// Returns the headers with which the upstream is asked whether it still holds, if it can be.
    pub(super) fn validators(&self) -> Option<(HeaderName, HeaderValue)> {
        let of = |validator, condition| Some((condition, self.headers.get(validator)?.clone()));
        of(header::ETAG, header::IF_NONE_MATCH)
            .or_else(|| of(header::LAST_MODIFIED, header::IF_MODIFIED_SINCE))
    }

    /// Returns roughly what it takes.
    fn bytes(&self) -> usize {
        let pairs = self.headers.iter();
        pairs.map(|(name, value)| name.as_str().len() + value.len() + 64).sum::<usize>() + 256
    }
}

impl Entry {
    /// Returns roughly what it takes.
    pub(super) fn bytes(&self) -> usize {
        self.key.len() + self.head.bytes() + self.body.len()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Method};
    use proptest::prelude::*;

    use super::*;

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn head(control: &'static str, now: Instant) -> Option<Head> {
        Head::of(StatusCode::OK, &map(&[("cache-control", control)]), false, now)
    }

    fn wish(pairs: &[(&'static str, &'static str)]) -> Wish {
        Wish::of(&Method::GET, "/api/alpha/x", &map(pairs)).unwrap()
    }

    const NO_WISH: &[(&str, &str)] = &[];

    #[test]
    fn only_what_says_that_it_may_be_shared_is_kept() {
        let now = Instant::now();
        for (status, pairs, with_credentials, kept) in [
            (200, &[("cache-control", "public")][..], false, true),
            (200, &[("cache-control", "max-age=0")], false, true),
            (200, &[("cache-control", "s-maxage=5")], false, true),
            (404, &[("cache-control", "max-age=5")], false, true),
            (200, &[("cache-control", "public")], true, true),
            (200, &[("cache-control", "max-age=5")], true, false),
            (200, &[("cache-control", "s-maxage=5")], true, false),
            (200, &[], false, false),
            (200, &[("etag", "\"1\""), ("last-modified", "x")], false, false),
            (200, &[("cache-control", "no-cache")], false, false),
            (200, &[("cache-control", "public, no-store")], false, false),
            (200, &[("cache-control", "public, private=\"x\"")], false, false),
            (200, &[("cache-control", "max-age=5"), ("cache-control", "private")], false, false),
            (200, &[("cache-control", "public"), ("set-cookie", "a=1")], false, false),
            (200, &[("cache-control", "public"), ("vary", "*")], false, false),
            (206, &[("cache-control", "public")], false, false),
            (304, &[("cache-control", "public")], false, false),
            (302, &[("cache-control", "public")], false, false),
            (500, &[("cache-control", "public")], false, false),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let found = Head::of(status, &map(pairs), with_credentials, now);
            assert_eq!(found.is_some(), kept, "{status} {pairs:?} {with_credentials}");
        }
    }

    #[test]
    fn age_is_what_it_came_with_and_the_way_and_the_stay() {
        let sent = Instant::now();
        let came = sent + Duration::from_secs(2);
        let headers = map(&[("cache-control", "max-age=10"), ("age", "3"), ("x-request-id", "a")]);
        let head = Head::of(StatusCode::OK, &headers, false, sent).unwrap();
        assert_eq!(head.headers, map(&[("cache-control", "max-age=10")]), "each time anew");
        let later = came + Duration::from_secs(4);
        assert_eq!((head.age(later).as_secs(), head.ttl(later)), (9, 1));
        assert_eq!(head.standing(later, &wish(NO_WISH)), Standing::Fresh);
        let later = later + Duration::from_secs(1);
        assert_eq!(head.standing(later, &wish(NO_WISH)), Standing::Expired);
        assert_eq!(head.ttl(later + Duration::from_secs(7)), -7);
    }

    #[test]
    fn a_caller_may_want_it_fresher() {
        let now = Instant::now();
        let head = head("max-age=60, stale-if-error=60", now).unwrap();
        let later = now + Duration::from_secs(5);
        for (sent, standing, stands_in) in [
            (NO_WISH, Standing::Fresh, true),
            (&[("cache-control", "max-age=5")], Standing::Fresh, true),
            (&[("cache-control", "max-age=4")], Standing::Expired, true),
            (&[("cache-control", "max-age=0")], Standing::Expired, true),
            (&[("cache-control", "no-cache")], Standing::Expired, false),
        ] {
            let wish = wish(sent);
            let found = (head.standing(later, &wish), head.may_stand_in(later, &wish));
            assert_eq!(found, (standing, stands_in), "{sent:?}");
        }
    }

    #[test]
    fn stale_only_within_what_is_allowed_and_never_against_an_order() {
        let now = Instant::now();
        for (control, after, standing, stands_in) in [
            ("max-age=1, stale-while-revalidate=5, stale-if-error=9", 6, Standing::Stale, true),
            ("max-age=1, stale-while-revalidate=5, stale-if-error=9", 7, Standing::Expired, true),
            ("max-age=1, stale-while-revalidate=5, stale-if-error=9", 11, Standing::Expired, false),
            ("s-maxage=1, stale-while-revalidate=5", 6, Standing::Stale, false),
            ("max-age=0, stale-if-error=9", 0, Standing::Expired, true),
            ("max-age=1", 2, Standing::Expired, false),
            (
                "max-age=1, must-revalidate, stale-while-revalidate=5, stale-if-error=9",
                2,
                Standing::Expired,
                false,
            ),
            (
                "public, no-cache, stale-while-revalidate=5, stale-if-error=9",
                0,
                Standing::Expired,
                false,
            ),
        ] {
            let head = head(control, now).unwrap();
            let later = now + Duration::from_secs(after);
            let found =
                (head.standing(later, &wish(NO_WISH)), head.may_stand_in(later, &wish(NO_WISH)));
            assert_eq!(found, (standing, stands_in), "{control} after {after} s");
        }
    }

    #[test]
    fn a_304_renews_the_head_and_not_what_describes_the_body() {
        let now = Instant::now();
        let old = map(&[
            ("cache-control", "max-age=1"),
            ("content-type", "text/plain"),
            ("etag", "\"1\""),
            ("link", "a"),
            ("x-kept", "1"),
        ]);
        let old = Head::of(StatusCode::OK, &old, false, now).unwrap();
        let later = now + Duration::from_secs(10);
        let news = map(&[
            ("cache-control", "max-age=5"),
            ("content-type", "x"),
            ("link", "b"),
            ("link", "c"),
        ]);
        let renewed = old.renewed(&news, later).unwrap();
        let expected = map(&[
            ("cache-control", "max-age=5"),
            ("content-type", "text/plain"),
            ("etag", "\"1\""),
            ("link", "b"),
            ("link", "c"),
            ("x-kept", "1"),
        ]);
        assert_eq!(renewed.headers, expected);
        assert_eq!(renewed.ttl(later), 5);
        assert!(old.renewed(&map(&[("cache-control", "private")]), later).is_none());
        assert!(old.renewed(&map(&[("set-cookie", "a=1")]), later).is_none());
    }

    #[test]
    fn a_304_lets_nobody_have_a_body_that_was_not_for_them() {
        let now = Instant::now();
        let (mine, all) = (("vary", "x-asterism-session"), ("vary", "accept"));
        let both = ("vary", "accept, x-asterism-session");
        let (bare, public) = (("cache-control", "max-age=1"), ("cache-control", "public"));
        for (kept, news, holds) in [
            (&[bare, mine][..], &[bare, mine][..], true),
            (&[bare, mine], &[bare], true),
            (&[bare, mine], &[bare, both], true),
            (&[bare], &[bare, mine], true),
            (&[public], &[bare], true),
            (&[bare, mine], &[bare, all], false),
            (&[bare, both], &[bare, all], false),
            (&[bare, both], &[bare, mine], false),
            (&[bare], &[public], false),
        ] {
            let old = Head::of(StatusCode::OK, &map(kept), false, now).unwrap();
            let renewed = old.renewed(&map(news), now);
            assert_eq!(renewed.is_some(), holds, "{kept:?} {news:?}");
        }
    }

    proptest! {
        /// Nothing is fresh longer than its lifetime, nor stale longer than the longer window.
        #[test]
        fn nothing_is_used_for_longer_than_it_says(
            max_age in 0..20u64, swr in 0..20u64, sie in 0..20u64, came_with in 0..20u64, way in 0..20u64, stay in 0..100u64,
        ) {
            let sent = Instant::now();
            let came = sent + Duration::from_secs(way);
            let text = format!("max-age={max_age}, stale-while-revalidate={swr}, stale-if-error={sie}");
            let headers = HeaderMap::from_iter([
                (header::CACHE_CONTROL, HeaderValue::try_from(text).unwrap()),
                (header::AGE, HeaderValue::from(came_with)),
            ]);
            let head = Head::of(StatusCode::OK, &headers, false, sent).unwrap();
            let now = came + Duration::from_secs(stay);
            let age = came_with + way + stay;
            let expected = match age {
                _ if age < max_age => Standing::Fresh,
                _ if age <= max_age + swr => Standing::Stale,
                _ => Standing::Expired,
            };
            prop_assert_eq!(head.standing(now, &wish(NO_WISH)), expected);
            prop_assert_eq!(head.may_stand_in(now, &wish(NO_WISH)), age <= max_age + sie);
        }
    }
}

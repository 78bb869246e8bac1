//! What answers are found by: where a request goes, and what the answer varies by.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, header, uri::PathAndQuery};

use crate::{layers::client::FORWARDED_PROTO, proxy::headers::FORWARDED_HOST};

/// Names one thing that is kept. Clones are copies, made once or twice for each request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(Box<[u8]>);

/// Between parts, and between the values of one: no name, path or header has them.
const PART: u8 = 0x1e;
const VALUE: u8 = 0x1f;

/// Where a request goes.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) domain: Arc<str>,
    /// Another release's answer is another answer.
    pub(crate) pool: Arc<str>,
    pub(crate) target: PathAndQuery,
}

impl Resource {
    /// Returns the key of a request with `headers`, as the upstream gets them: scheme and host are the
    /// caller's, and an answer with links may have them. `epoch` tells what is kept from what was.
    pub(super) fn key(&self, headers: &HeaderMap, epoch: u64) -> Key {
        let header = |name: HeaderName| headers.get(name).map_or(&[][..], |value| value.as_bytes());
        let parts = [
            self.domain.as_bytes(),
            self.pool.as_bytes(),
            header(FORWARDED_PROTO),
            header(FORWARDED_HOST),
            self.target.as_str().as_bytes(),
            &epoch.to_le_bytes(),
        ];
        Key(parts.join(&PART).into())
    }
}

impl Key {
    /// Returns the key of an answer that varies by `names`, for a request with `headers`.
    pub(super) fn variant(&self, names: &[HeaderName], headers: &HeaderMap) -> Self {
        if names.is_empty() {
            return self.clone();
        }
        let mut key = self.0.to_vec();
        for name in names {
            key.push(PART);
            key.extend_from_slice(name.as_str().as_bytes());
            for value in headers.get_all(name) {
                key.push(VALUE);
                key.extend_from_slice(value.as_bytes());
            }
        }
        Self(key.into())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Returns the request's headers that an answer varies by, in one order; `None` when it never fits another
/// request (`*`), or says so in a way that cannot be read.
pub(super) fn varies_by(headers: &HeaderMap) -> Option<Vec<HeaderName>> {
    let mut names = Vec::new();
    for value in headers.get_all(header::VARY) {
        for name in value.to_str().ok()?.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            // `*` is a token, and so could be the name of a header.
            names.push(name.parse().ok().filter(|_| name != "*")?);
        }
    }
    names.sort_unstable_by(|a: &HeaderName, b| a.as_str().cmp(b.as_str()));
    names.dedup();
    Some(names)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::{Resource, varies_by};

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn resource(pool: &str, target: &'static str) -> Resource {
        let (domain, pool) = ("alpha".into(), pool.into());
        Resource { domain, pool, target: target.parse().unwrap() }
    }

    #[test]
    fn pool_target_host_scheme_and_epoch_each_make_a_difference() {
        let plain = map(&[("x-forwarded-host", "a"), ("x-forwarded-proto", "http")]);
        let key = resource("blue", "/api/alpha/x?q=1").key(&plain, 1);
        assert_eq!(resource("blue", "/api/alpha/x?q=1").key(&plain, 1), key);
        let other_host = map(&[("x-forwarded-host", "b"), ("x-forwarded-proto", "http")]);
        let other_scheme = map(&[("x-forwarded-host", "a"), ("x-forwarded-proto", "https")]);
        for other in [
            resource("green", "/api/alpha/x?q=1").key(&plain, 1),
            resource("blue", "/api/alpha/x?q=2").key(&plain, 1),
            resource("blue", "/api/alpha/x?q=1").key(&other_host, 1),
            resource("blue", "/api/alpha/x?q=1").key(&other_scheme, 1),
            resource("blue", "/api/alpha/x?q=1").key(&plain, 2),
        ] {
            assert_ne!(other, key);
        }
    }

    #[test]
    fn names_have_one_order_and_a_star_is_none() {
        let names = varies_by(&map(&[("vary", "Origin, accept"), ("vary", "origin,")])).unwrap();
        assert_eq!(names, ["accept", "origin"]);
        assert_eq!(varies_by(&map(&[])), Some(vec![]));
        assert_eq!(varies_by(&map(&[("vary", "accept, *")])), None);
        assert_eq!(varies_by(&map(&[("vary", "not a name")])), None);
    }

    proptest! {
        /// Two requests have one key exactly when they agree in everything that the answer varies by.
        #[test]
        fn variants_are_told_apart(
            one in prop::collection::vec((0..3usize, "[a-c ,]{0,3}"), 0..4),
            two in prop::collection::vec((0..3usize, "[a-c ,]{0,3}"), 0..4),
            by in prop::collection::btree_set(0..3usize, 0..3),
        ) {
            let name = |index: &usize| HeaderName::from_static(["x-a", "x-b", "x-c"][*index]);
            let map = |pairs: &[(usize, String)]| {
                let mut headers = HeaderMap::new();
                for (index, value) in pairs {
                    headers.append(name(index), HeaderValue::try_from(value).unwrap());
                }
                headers
            };
            let (one, two) = (map(&one), map(&two));
            let names: Vec<HeaderName> = by.iter().map(name).collect();
            let base = resource("main", "/api/alpha").key(&HeaderMap::new(), 0);
            let alike = names.iter().all(|n| one.get_all(n).iter().eq(two.get_all(n).iter()));
            prop_assert_eq!(base.variant(&names, &one) == base.variant(&names, &two), alike);
        }
    }
}

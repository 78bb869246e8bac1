//! Where answers are kept: bounded in bytes, what is used least goes first.
//!
//! A resource whose answers vary has a slot that says by what, and one for each variant. One whose last answer
//! was not to be kept has a slot that says so for a while: its requests pass without waiting for each other
//! (Varnish calls it hit-for-miss).
//!
//! What was changed is not looked for: each path has an epoch, which is part of all its keys. Whatever was
//! kept, or is on its way and was asked for before the change, is then found by nobody.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::{HeaderMap, HeaderName};
use moka::ops::compute::Op;
use tokio::time::Instant;

use super::{
    entry::Entry,
    key::{Key, Resource},
};

/// How long requests pass after an answer that was not to be kept.
const PASS: Duration = Duration::from_secs(60);
/// So many epochs: paths that share one lose what is kept a bit more often.
const EPOCHS: usize = 4096;

#[derive(Debug)]
pub(super) struct Store {
    slots: moka::sync::Cache<Key, Slot>,
    epochs: Box<[AtomicU64]>,
    hasher: RandomState,
}

#[derive(Clone, Debug)]
enum Slot {
    Pass { until: Instant },
    Varies(Arc<[HeaderName]>),
    Answer(Arc<Entry>),
}

/// What there is for a request.
#[derive(Debug)]
pub(super) enum Found {
    /// With the key under which the request waits with others like it.
    Nothing(Key),
    Pass,
    Answer(Arc<Entry>),
}

impl Store {
    pub(super) fn new(bytes: u64) -> Self {
        let weigh = |key: &Key, slot: &Slot| {
            let bytes = match slot {
                Slot::Pass { .. } => key.len() + 128,
                Slot::Varies(names) => key.len() + 128 + 32 * names.len(),
                Slot::Answer(entry) => key.len() + entry.bytes(),
            };
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        Self {
            slots: moka::sync::Cache::builder().max_capacity(bytes).weigher(weigh).build(),
            epochs: std::iter::repeat_with(AtomicU64::default).take(EPOCHS).collect(),
            hasher: RandomState::new(),
        }
    }

    /// Returns the key of a request as of now. Who asks the upstream asks under it.
    pub(super) fn key(&self, resource: &Resource, headers: &HeaderMap) -> Key {
        let epoch = self.epoch(resource).map_or(0, |epoch| epoch.load(Ordering::Acquire));
        resource.key(headers, epoch)
    }

    /// Lets nobody find what is kept of a resource, whatever its pool, its host or its query.
    pub(super) fn forget(&self, resource: &Resource) {
        if let Some(epoch) = self.epoch(resource) {
            epoch.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn epoch(&self, resource: &Resource) -> Option<&AtomicU64> {
        let hash = self.hasher.hash_one((&resource.domain, resource.target.path()));
        self.epochs.get((hash % EPOCHS as u64) as usize)
    }

    pub(super) fn find(&self, key: &Key, headers: &HeaderMap, now: Instant) -> Found {
        match self.slots.get(key) {
            Some(Slot::Answer(entry)) => Found::Answer(entry),
            Some(Slot::Pass { until }) if now < until => Found::Pass,
            Some(Slot::Varies(names)) => {
                let variant = key.variant(&names, headers);
                match self.slots.get(&variant) {
                    Some(Slot::Answer(entry)) => Found::Answer(entry),
                    _ => Found::Nothing(variant),
                }
            }
            _ => Found::Nothing(key.clone()),
        }
    }

    /// Keeps an answer to a request whose key, without its variant, is `key`, unless the answer to a later
    /// request is there.
    pub(super) fn keep(&self, key: &Key, entry: Arc<Entry>) {
        let names = &entry.head.varies_by;
        if !names.is_empty() {
            let known = match self.slots.get(key) {
                Some(Slot::Varies(known)) => *known == **names,
                _ => false,
            };
            if !known {
                self.slots.insert(key.clone(), Slot::Varies(names.as_slice().into()));
            }
        }
        self.slots.entry(entry.key.clone()).and_compute_with(|known| {
            match known.map(moka::Entry::into_value) {
                Some(Slot::Answer(known)) if known.head.is_newer_than(&entry.head) => Op::Nop,
                _ => Op::Put(Slot::Answer(entry)),
            }
        });
    }

    /// Takes in that an answer was not to be kept.
    pub(super) fn pass(&self, key: &Key, now: Instant) {
        self.slots.insert(key.clone(), Slot::Pass { until: now + PASS });
    }

    /// Takes in that the next answer may be kept after all.
    pub(super) fn pass_no_longer(&self, key: &Key) {
        self.slots.invalidate(key);
    }

    /// Returns roughly how much is kept.
    pub(super) fn bytes(&self) -> u64 {
        self.slots.weighted_size()
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
    use bytes::Bytes;
    use tokio::time::Instant;

    use super::{Found, Store};
    use crate::cache::{
        entry::{Entry, Head},
        key::Resource,
    };

    #[test]
    fn an_answer_that_was_asked_for_earlier_and_comes_later_does_not_take_the_place() {
        let store = Store::new(1 << 20);
        let (domain, pool) = ("alpha".into(), "main".into());
        let resource = Resource { domain, pool, target: "/api/alpha".parse().unwrap() };
        let key = store.key(&resource, &HeaderMap::new());
        let headers =
            HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static("public"))]);
        let begun = Instant::now();
        for (asked, body, kept) in [(5, "5", "5"), (0, "0", "5"), (5, "5a", "5a"), (6, "6", "6")] {
            let sent = begun + Duration::from_secs(asked);
            let head = Head::of(StatusCode::OK, &headers, false, sent).unwrap();
            let body = Bytes::from_static(body.as_bytes());
            store.keep(&key, Arc::new(Entry { key: key.clone(), head, body }));
            match store.find(&key, &HeaderMap::new(), sent) {
                Found::Answer(entry) => assert_eq!(entry.body, kept),
                other => panic!("{other:?}"),
            }
        }
    }
}

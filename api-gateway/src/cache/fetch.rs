//! A request to the upstream whose answer may be kept: for the one who sent it, and for those who wait.

use std::sync::Arc;

use axum::{
    body::HttpBody,
    http::{HeaderMap, HeaderValue, StatusCode, header, response::Parts},
    response::Response,
};
use tokio::{sync::oneshot, time::Instant};

use super::{
    Cache, Origin,
    capture::{Relay, Unkept, capture},
    entry::{Entry, Head},
    key::Key,
};
use crate::rescue::ProxyFailure;

/// What came of a request for many, for those who waited.
#[derive(Clone, Debug)]
pub(super) enum Landed {
    Kept(Arc<Entry>),
    /// It is one caller's.
    Unkept,
    Erred(StatusCode),
    Failed(ProxyFailure),
}

/// What came of it for the one whose request it was.
pub(super) enum Lead {
    Answer(Response),
    Captured(Parts, Relay),
    Renewed(Arc<Entry>),
    /// What was kept still holds, but not for others any more.
    Again,
    Failed(ProxyFailure),
}

/// A request to the upstream whose answer may be kept.
pub(super) struct Fetch<O> {
    pub(super) cache: Arc<Cache>,
    /// Without what the answer varies by, which is not known yet.
    pub(super) key: Key,
    /// What is asked about.
    pub(super) kept: Option<Arc<Entry>>,
    /// Without conditions.
    pub(super) headers: HeaderMap,
    pub(super) origin: O,
}

impl<O: Origin> Fetch<O> {
    pub(super) async fn run(self, lead: oneshot::Sender<Lead>) -> Landed {
        let mut headers = self.headers.clone();
        let validator = self.kept.as_ref().and_then(|kept| kept.head.validators());
        headers.extend(validator.clone());
        let sent = Instant::now();
        let fetched = self.origin.fetch(&headers).await;
        // Whoever led may have gone: then nobody is told, and the others get what lands.
        match fetched {
            Err(failure) => {
                lead.send(Lead::Failed(failure.clone())).ok();
                Landed::Failed(failure)
            }
            Ok(answer) if answer.status().is_server_error() => {
                let status = answer.status();
                lead.send(Lead::Answer(answer)).ok();
                Landed::Erred(status)
            }
            Ok(answer) => match (&self.kept, validator) {
                (Some(kept), Some(_)) if answer.status() == StatusCode::NOT_MODIFIED => {
                    self.renew(kept, answer.headers(), sent, lead).await
                }
                _ => self.take(answer, sent, lead).await,
            },
        }
    }

    async fn renew(
        &self,
        kept: &Entry,
        headers: &HeaderMap,
        sent: Instant,
        lead: oneshot::Sender<Lead>,
    ) -> Landed {
        let Some(head) = kept.head.renewed(headers, sent) else {
            self.cache.store.pass(&self.key, Instant::now());
            lead.send(Lead::Again).ok();
            return Landed::Unkept;
        };
        let key = self.key.variant(&head.varies_by, &self.headers);
        let entry = Arc::new(Entry { key, head, body: kept.body.clone() });
        self.cache.store.keep(&self.key, entry.clone());
        lead.send(Lead::Renewed(entry.clone())).ok();
        Landed::Kept(entry)
    }

    async fn take(&self, answer: Response, sent: Instant, lead: oneshot::Sender<Lead>) -> Landed {
        let store = &self.cache.store;
        let most = self.cache.body_bytes;
        let small = answer.body().size_hint().lower() <= most as u64;
        let head = Head::of(answer.status(), answer.headers(), false, sent);
        let Some(mut head) = head.filter(|_| small) else {
            // Whoever made a request that is refused must not take from others what is kept.
            let refused =
                answer.status().is_client_error() && !matches!(answer.status().as_u16(), 404 | 410);
            if !refused || self.kept.is_none() {
                store.pass(&self.key, Instant::now());
            }
            lead.send(Lead::Answer(answer)).ok();
            return Landed::Unkept;
        };
        let (parts, body) = answer.into_parts();
        let (read, relay) = capture(body);
        lead.send(Lead::Captured(parts, relay)).ok();
        match read.whole(most).await {
            Ok(body) => {
                if head.status != StatusCode::NO_CONTENT {
                    head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
                }
                let key = self.key.variant(&head.varies_by, &self.headers);
                let entry = Arc::new(Entry { key, head, body });
                store.keep(&self.key, entry.clone());
                Landed::Kept(entry)
            }
            Err(Unkept::Large) => {
                store.pass(&self.key, Instant::now());
                Landed::Unkept
            }
            Err(Unkept::Broken) => Landed::Unkept,
        }
    }
}

//! One request's way through the cache.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

use super::{
    Cache, Origin, conditional,
    entry::{Entry, Head, Standing},
    fetch::{Fetch, Landed, Lead},
    flight::{Boarded, Flight},
    key::{Key, Resource},
    status::{Outcome, Why},
    store::Found,
    wish::Wish,
};
use crate::{kept::keeping, rescue::ProxyFailure};

/// How long one caller waits for another one's answer before they ask for themselves, and how old a request may
/// be for another caller to wait for it: an answer may be made as soon as it was asked for.
const TOGETHER: Duration = Duration::from_secs(5);
/// An upstream that takes longer has failed for whoever may have a stale answer.
const LATE: Duration = Duration::from_secs(3);

/// A request that an answer which is kept may be good for.
pub(super) struct Visit<'a, O> {
    pub(super) cache: &'a Arc<Cache>,
    pub(super) resource: Resource,
    pub(super) wish: Wish,
    pub(super) headers: HeaderMap,
    pub(super) origin: O,
}

impl<O: Origin> Visit<'_, O> {
    pub(super) async fn answer(&self) -> Result<Response, ProxyFailure> {
        // A second time when what others fetched turns out to vary by what is different here.
        for _ in 0..2 {
            let (store, now) = (&self.cache.store, Instant::now());
            let key = store.key(&self.resource, &self.headers);
            let (place, kept) = match store.find(&key, &self.headers, now) {
                Found::Pass => return self.pass(&key).await,
                Found::Nothing(place) => (place, None),
                Found::Answer(entry) => (entry.key.clone(), Some(entry)),
            };
            let allowed =
                |entry: &Arc<Entry>| !self.wish.with_credentials || entry.head.is_public();
            let kept = kept.filter(allowed);
            if let Some(entry) = &kept {
                match entry.head.standing(now, &self.wish) {
                    Standing::Fresh => return Ok(self.from(entry, Outcome::Hit)),
                    Standing::Stale if !self.wish.goes_alone() => {
                        self.refresh(&key, &place, entry);
                        return Ok(self.from(entry, Outcome::Stale));
                    }
                    Standing::Stale | Standing::Expired => {}
                }
            }
            if self.wish.goes_alone() {
                return self.alone(kept.as_ref()).await;
            }
            // Boxed, as its steps are many and large.
            if let Some(answered) = Box::pin(self.together(&key, &place, kept.as_ref())).await {
                return answered;
            }
        }
        self.alone(None).await
    }

    /// Asks together with others who want the same. `None` when their answer does not fit.
    async fn together(
        &self,
        key: &Key,
        place: &Key,
        kept: Option<&Arc<Entry>>,
    ) -> Option<Result<Response, ProxyFailure>> {
        let (boarded, lead) = self.board(key, place, kept);
        let stands_in = kept.filter(|entry| entry.head.may_stand_in(Instant::now(), &self.wish));
        match boarded {
            Boarded::Leads(flight) => {
                let patience = if stands_in.is_some() { LATE } else { Duration::MAX };
                match timeout(patience, lead).await {
                    Ok(Ok(lead)) => Some(self.led(lead, flight, kept).await),
                    Ok(Err(_)) => Some(self.alone(kept).await),
                    Err(_) => {
                        go_on(flight);
                        Some(Ok(self.from(stands_in?, Outcome::StaleError(None))))
                    }
                }
            }
            Boarded::Joined(flight) => {
                let patience = if stands_in.is_some() { LATE } else { TOGETHER };
                match timeout(patience, flight.landed()).await {
                    Ok(Some(landed)) => self.joined(key, landed, kept).await,
                    Ok(None) => Some(self.alone(kept).await),
                    Err(_) => Some(match stands_in {
                        Some(entry) => Ok(self.from(entry, Outcome::StaleError(None))),
                        None => self.alone(None).await,
                    }),
                }
            }
        }
    }

    fn board(
        &self,
        key: &Key,
        place: &Key,
        kept: Option<&Arc<Entry>>,
    ) -> (Boarded<Landed>, oneshot::Receiver<Lead>) {
        let (lead, led) = oneshot::channel();
        let work = || {
            let fetch = Fetch {
                cache: self.cache.clone(),
                key: key.clone(),
                kept: kept.cloned(),
                headers: conditional::without(self.headers.clone()),
                origin: self.origin.clone(),
            };
            fetch.run(lead)
        };
        (self.cache.flights.board(place, Instant::now(), TOGETHER, work), led)
    }

    /// Has the next answer fetched, for those who come later.
    fn refresh(&self, key: &Key, place: &Key, entry: &Arc<Entry>) {
        if let (Boarded::Leads(flight), _) = self.board(key, place, Some(entry)) {
            go_on(flight);
        }
    }

    async fn led(
        &self,
        lead: Lead,
        flight: Arc<Flight<Landed>>,
        kept: Option<&Arc<Entry>>,
    ) -> Result<Response, ProxyFailure> {
        match lead {
            Lead::Answer(answer) => match self.in_place_of(answer.status(), kept) {
                Some(stale) => Ok(stale),
                None => Ok(self.with(answer, Outcome::Miss(why(kept)))),
            },
            Lead::Captured(parts, relay) => {
                let has_it = conditional::has_it(&self.headers, parts.status, &parts.headers);
                let body = if has_it {
                    go_on(flight);
                    Body::empty()
                } else {
                    keeping(Body::new(relay), flight)
                };
                let answer = Response::from_parts(parts, body);
                Ok(self.with(answer, Outcome::Miss(why(kept))))
            }
            Lead::Renewed(entry) => Ok(self.from(&entry, Outcome::Revalidated)),
            Lead::Again => self.alone(None).await,
            Lead::Failed(failure) => self.in_place_of_failure(failure, kept),
        }
    }

    async fn joined(
        &self,
        key: &Key,
        landed: Landed,
        kept: Option<&Arc<Entry>>,
    ) -> Option<Result<Response, ProxyFailure>> {
        match landed {
            Landed::Kept(entry) => {
                let fits = key.variant(&entry.head.varies_by, &self.headers) == entry.key;
                fits.then(|| Ok(self.from(&entry, Outcome::Collapsed(why(kept)))))
            }
            Landed::Unkept => Some(self.alone(kept).await),
            Landed::Erred(status) => Some(match self.in_place_of(status, kept) {
                Some(stale) => Ok(stale),
                None => self.alone(None).await,
            }),
            Landed::Failed(failure) => Some(self.in_place_of_failure(failure, kept)),
        }
    }

    /// Asks for this caller alone.
    async fn alone(&self, kept: Option<&Arc<Entry>>) -> Result<Response, ProxyFailure> {
        match self.origin.fetch(&self.headers).await {
            Ok(answer) => Ok(match self.in_place_of(answer.status(), kept) {
                Some(stale) => stale,
                None => self.with(answer, Outcome::Miss(why(kept))),
            }),
            Err(failure) => self.in_place_of_failure(failure, kept),
        }
    }

    /// Asks for this caller, because the last answer was not for others. When this one is, the next caller's
    /// is kept.
    async fn pass(&self, key: &Key) -> Result<Response, ProxyFailure> {
        let sent = Instant::now();
        let answer = self.origin.fetch(&self.headers).await?;
        let credentials = self.wish.with_credentials;
        let small = answer.body().size_hint().lower() <= self.cache.body_bytes as u64;
        let head = Head::of(answer.status(), answer.headers(), credentials, sent);
        if small && head.is_some() {
            self.cache.store.pass_no_longer(key);
        }
        Ok(self.with(answer, Outcome::Pass))
    }

    /// Returns what is kept in place of a failure's answer, if it may stand in for that (RFC 5861, 4).
    fn in_place_of(&self, status: StatusCode, kept: Option<&Arc<Entry>>) -> Option<Response> {
        let failed = matches!(status.as_u16(), 500 | 502 | 503 | 504);
        let entry = kept.filter(|entry| entry.head.may_stand_in(Instant::now(), &self.wish))?;
        failed.then(|| self.from(entry, Outcome::StaleError(Some(status))))
    }

    fn in_place_of_failure(
        &self,
        failure: ProxyFailure,
        kept: Option<&Arc<Entry>>,
    ) -> Result<Response, ProxyFailure> {
        match kept.filter(|entry| entry.head.may_stand_in(Instant::now(), &self.wish)) {
            Some(entry) => {
                let cause = service_kit::chain(&failure);
                tracing::warn!(domain = &*self.resource.domain, cause, "stale answer sent");
                Ok(self.from(entry, Outcome::StaleError(None)))
            }
            None => Err(failure),
        }
    }

    /// Makes an answer of what is kept.
    fn from(&self, entry: &Entry, outcome: Outcome) -> Response {
        let Head { status, headers, .. } = &entry.head;
        let has_it = conditional::has_it(&self.headers, *status, headers);
        let empty = has_it || self.wish.head;
        let body = if empty { Body::empty() } else { Body::from(entry.body.clone()) };
        let mut answer = Response::new(body);
        *answer.status_mut() = *status;
        *answer.headers_mut() = headers.clone();
        if has_it {
            *answer.status_mut() = conditional::not_modified(answer.headers_mut());
        }
        let now = Instant::now();
        outcome.tell(&self.resource.domain, answer.headers_mut(), Some((&entry.head, now)));
        answer
    }

    /// Completes an answer that was fetched.
    fn with(&self, mut answer: Response, outcome: Outcome) -> Response {
        if conditional::has_it(&self.headers, answer.status(), answer.headers()) {
            *answer.status_mut() = conditional::not_modified(answer.headers_mut());
            *answer.body_mut() = Body::empty();
        }
        outcome.tell(&self.resource.domain, answer.headers_mut(), None);
        answer
    }
}

fn why(kept: Option<&Arc<Entry>>) -> Why {
    match kept {
        Some(entry) if entry.head.ttl(Instant::now()) > 0 => Why::Wanted,
        Some(_) => Why::Expired,
        None => Why::Nothing,
    }
}

/// Lets a request go on to its end without a caller.
fn go_on(flight: Arc<Flight<Landed>>) {
    tokio::spawn(async move { flight.landed().await });
}

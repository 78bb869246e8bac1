//! One caller's request: sent to an instance, and to another one where that may help.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{
        HeaderMap, Method, Request, Uri,
        uri::{Authority, PathAndQuery, Scheme},
    },
};
use http::Response;
use hyper::body::Incoming;
use hyper_util::client::legacy::Error;
use service_kit::{ClientSpan, Try};

use super::{loan::Loan, pace::Pace};
use crate::{
    rescue::ProxyFailure,
    upstream::{
        client::Client,
        domains::Upstream,
        pool::{Fault, Lease, Pool},
        retry,
    },
};

/// A request, without its body.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) domain: String,
    pub(super) client: &'a Client,
    pub(super) upstream: &'a Upstream,
    pub(super) pool: Arc<Pool>,
    pub(super) method: Method,
    pub(super) target: PathAndQuery,
    pub(super) headers: HeaderMap,
    pub(super) pace: Pace,
    pub(super) random: u64,
}

/// The head of an answer, and the lease on the instance that goes on with it.
pub(super) type Answered = (Response<Incoming>, Lease);

impl Call<'_> {
    /// Sends a request, and again to another instance if there is one: one that is `repeatable` where that may
    /// help, every other one only while nothing of it was sent.
    pub(super) async fn send(self, body: Body, repeatable: bool) -> Result<Answered, ProxyFailure> {
        let body = Loan::new(body, self.pace.clone());
        let mut lease = self.lease(None)?;
        let mut attempt = 1;
        loop {
            let index = lease.index();
            let headers = self.headers.clone();
            let tried = self.attempt(lease, attempt - 1, headers, body.lend()).await;
            let again = if repeatable {
                self.may_help(&tried)
            } else {
                matches!(tried, Err(ProxyFailure::Down { .. })) && body.is_untouched()
            };
            if attempt >= self.upstream.retries().attempts || !again {
                return tried;
            }
            match self.next(attempt, index, repeatable).await {
                Some(next) => lease = next,
                None => return tried,
            }
            attempt += 1;
        }
    }

    /// Tells whether another try may have another result.
    fn may_help(&self, tried: &Result<Answered, ProxyFailure>) -> bool {
        match tried {
            // The one that said so would say it again.
            Ok((answer, _)) => {
                retry::gateway_failure(answer.status()) && self.pool.instances().len() > 1
            }
            Err(failure) => {
                matches!(failure, ProxyFailure::Down { .. } | ProxyFailure::Reset { .. })
            }
        }
    }

    /// Returns an instance for another try: another one, or after a pause the same if it may be the `same`.
    async fn next(&self, attempt: u32, failed: usize, same: bool) -> Option<Lease> {
        let is_another = self.pool.instances().len() > 1;
        if !(same || is_another) || !self.upstream.withdraw() {
            return None;
        }
        // Other bits of the same luck.
        let random = self.random.rotate_left(attempt * 16);
        let next = self.pool.lease(random, Some(failed)).ok()?;
        if next.index() == failed {
            if !same {
                return None;
            }
            self.pace.keep(tokio::time::sleep(retry::pause(attempt, random))).await?;
        }
        Some(next)
    }

    fn lease(&self, avoid: Option<usize>) -> Result<Lease, ProxyFailure> {
        self.pool
            .lease(self.random, avoid)
            .map_err(|refusal| ProxyFailure::Refused { domain: self.domain.clone(), refusal })
    }

    async fn attempt(
        &self,
        mut lease: Lease,
        resends: u32,
        mut headers: HeaderMap,
        body: Body,
    ) -> Result<Answered, ProxyFailure> {
        let server = lease.authority().ok_or(ProxyFailure::BadPath)?;
        let uri = self.uri(server.clone()).ok_or(ProxyFailure::BadPath)?;
        let span = self.span(server, resends, &mut headers);
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.headers_mut() = headers;
        *request.uri_mut() = uri;
        match self.pace.keep(self.client.request(request)).await {
            Some(Ok(answer)) => {
                span.answered(answer.status());
                lease.answered(answer.status());
                Ok((answer, lease))
            }
            Some(Err(source)) => Err(self.broke(lease, span, source)),
            None => Err(self.late(lease, span)),
        }
    }

    fn span(&self, server: &Authority, resends: u32, headers: &mut HeaderMap) -> ClientSpan {
        let template = format_args!("/api/{}/{{*path}}", self.domain);
        ClientSpan::begin(headers, Try { method: &self.method, server, template, resends })
    }

    fn uri(&self, server: Authority) -> Option<Uri> {
        let uri = Uri::builder().scheme(Scheme::HTTP).authority(server);
        uri.path_and_query(self.target.clone()).build().ok()
    }

    fn broke(&self, lease: Lease, span: ClientSpan, source: Error) -> ProxyFailure {
        let domain = self.domain.clone();
        if source.is_connect() {
            failed(lease, span, Fault::Connect);
            return ProxyFailure::Down { domain, source: Arc::new(source) };
        }
        let cause = std::error::Error::source(&source).and_then(|e| e.downcast_ref());
        // A body that broke off did so on the caller's side.
        if cause.is_some_and(hyper::Error::is_user) {
            return ProxyFailure::CallerBrokeOff;
        }
        failed(lease, span, Fault::Reset);
        ProxyFailure::Reset { domain, source: Arc::new(source) }
    }

    fn late(&self, lease: Lease, span: ClientSpan) -> ProxyFailure {
        failed(lease, span, Fault::Timeout);
        ProxyFailure::TimedOut { domain: self.domain.clone() }
    }
}

fn failed(lease: Lease, span: ClientSpan, why: Fault) {
    span.failed(why.name());
    lease.failed(why);
}

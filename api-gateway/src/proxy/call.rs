//! One caller's request: sent to an instance, and to another one where that may help.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{
        HeaderMap, Method, Request,
        uri::{Authority, PathAndQuery},
    },
};
use http::Response;
use service_kit::{ClientSpan, Try};

use super::{loan::Loan, pace::Pace};
use crate::{
    rescue::ProxyFailure,
    upstream::{
        client::{Client, ClientError},
        domains::Upstream,
        pool::{Fault, Lease, Pool},
        reply::Reply,
        retry,
    },
};

/// A request, without its body.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) client: &'a Client,
    pub(super) upstream: &'a Upstream,
    pub(super) pool: &'a Arc<Pool>,
    pub(super) method: &'a Method,
    pub(super) target: &'a PathAndQuery,
    pub(super) headers: &'a HeaderMap,
    pub(super) pace: Pace,
    pub(super) random: u64,
}

/// An answer, and the lease on the instance, which goes on to the end of it.
pub(super) type Answered = (Response<Reply>, Lease);

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
            Ok((answer, ..)) => {
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
            .map_err(|refusal| ProxyFailure::Refused { domain: self.domain(), refusal })
    }

    async fn attempt(
        &self,
        mut lease: Lease,
        resends: u32,
        mut headers: HeaderMap,
        body: Body,
    ) -> Result<Answered, ProxyFailure> {
        let server = lease.authority().ok_or(ProxyFailure::BadPath)?.clone();
        let span = self.span(&server, resends, &mut headers);
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.headers_mut() = headers;
        *request.uri_mut() = self.target.clone().into();
        match self.pace.keep(self.client.send(&server, request)).await {
            Some(Ok(answer)) => {
                span.answered(answer.status());
                lease.answered(answer.status());
                Ok((answer, lease))
            }
            Some(Err(source)) => Err(self.broke(lease, span, source)),
            None => Err(self.late(lease, span)),
        }
    }

    fn domain(&self) -> String {
        self.pool.domain().to_owned()
    }

    fn span(&self, server: &Authority, resends: u32, headers: &mut HeaderMap) -> ClientSpan {
        let template = format_args!("/api/{}/{{*path}}", self.pool.domain());
        ClientSpan::begin(headers, Try { method: self.method, server, template, resends })
    }

    fn broke(&self, lease: Lease, span: ClientSpan, source: ClientError) -> ProxyFailure {
        let domain = self.domain();
        match &source {
            ClientError::Connect(_) => {
                failed(lease, span, Fault::Connect);
                ProxyFailure::Down { domain, source: Arc::new(source) }
            }
            // A body that broke off did so on the caller's side.
            ClientError::Broken(error) if error.is_user() => ProxyFailure::CallerBrokeOff,
            ClientError::Broken(_) | ClientError::Stream(_) => {
                failed(lease, span, Fault::Reset);
                ProxyFailure::Reset { domain, source: Arc::new(source) }
            }
        }
    }

    fn late(&self, lease: Lease, span: ClientSpan) -> ProxyFailure {
        failed(lease, span, Fault::Timeout);
        ProxyFailure::TimedOut { domain: self.domain() }
    }
}

fn failed(lease: Lease, span: ClientSpan, why: Fault) {
    span.failed(why.name());
    lease.failed(why);
}

//! `/api/<domain>/*`: to the domain's service and back, piece by piece as the pieces come.
//!
//! Nothing is buffered and the path is forwarded as received. When the caller goes away, hyper drops
//! this future or the answer's body, and with it the request to the upstream, and every further try.
//!
//! An upstream learns the caller's session from `x-asterism-session`, which nobody else can set: who has
//! none gets one, also with an answer that is a failure, since the upstream may have heard of it already.
//!
//! Not here: which instance answers, and whether any is asked (`upstream`); which answers are kept (`cache`).

mod answer;
mod call;
pub(crate) mod headers;
mod loan;
mod pace;
pub(crate) mod path;
mod upgrade;

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    http::{HeaderMap, Method, header, request::Parts, uri::PathAndQuery},
    response::{IntoResponse, Response},
};
use hyper::upgrade::OnUpgrade;
use service_kit::{ApiError, telemetry::Named};
use tokio::sync::watch;

use crate::{
    AppState, Timeouts, Upstreams, beacons,
    cache::{self, Resource},
    current::Current,
    layers::client_address,
    rescue::ProxyFailure,
    session::{Caller, Seen, SessionId},
    upstream::{
        check,
        client::Client,
        domains::{Domains, Origin, Upstream},
        pool::Pool,
        retry,
    },
};
pub(crate) use headers::{REMOTE, UNSHARED};

use answer::Answer;
use call::{Answered, Call};
use pace::Pace;

/// The way to the upstreams.
#[derive(Debug)]
pub(crate) struct Proxy {
    client: Client,
    domains: Domains,
    timeouts: Timeouts,
    /// Ends what has left HTTP, which no server waits for.
    stopped: watch::Receiver<bool>,
}

/// A request on its way, without headers and body. Clones send it again.
#[derive(Clone, Debug)]
struct Errand {
    proxy: Arc<Proxy>,
    upstream: Arc<Upstream>,
    resource: Resource,
    pool: Arc<Pool>,
    method: Method,
    patience: Duration,
    random: u64,
    named: Named,
}

impl Proxy {
    pub(crate) fn new(
        upstreams: Upstreams,
        timeouts: Timeouts,
        workers: usize,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let (client, domains) = (Client::new(&timeouts, workers), Domains::new(upstreams));
        Self { client, domains, timeouts, stopped }
    }

    /// Checks the instances, and closes connections that nobody uses, for ever.
    pub(crate) async fn watch(&self) {
        tokio::join!(check::watch(&self.domains, &self.client), self.client.tidy());
    }

    pub(crate) fn domains(&self) -> &Domains {
        &self.domains
    }

    /// Brings the gauges of the upstreams up to date.
    pub(crate) fn show(&self) {
        for pool in self.domains.iter().flat_map(|(_, upstream)| upstream.pools()) {
            pool.show();
        }
    }

    /// Returns where a request goes, with the headers that it gets there and the caller's side of the
    /// connection if it asks for a web socket.
    fn errand(
        self: &Arc<Self>,
        mut parts: Parts,
        session: SessionId,
        random: u64,
    ) -> Result<(Errand, HeaderMap, Option<OnUpgrade>), ProxyFailure> {
        let domain = path::domain(parts.uri.path()).ok_or(ProxyFailure::BadPath)?;
        let Some(upstream) = self.domains.get(domain) else {
            return Err(ProxyFailure::UnknownDomain(domain.to_owned()));
        };
        let [one, two, ..] = session.0;
        let bundle = parts.headers.get(headers::REMOTE).and_then(|value| value.to_str().ok());
        let origin = Origin { session: u16::from_le_bytes([one, two]), bundle };
        let pool = upstream.pool(origin).clone();
        let caller = upgrade::wanted(&mut parts);
        let named = Named::now();
        let peer = client_address(&parts.extensions);
        let mut headers = headers::to_upstream(parts.headers, peer, session);
        if caller.is_some() {
            upgrade::announce(&mut headers);
        }
        let patience = upstream.patience(pool.domain(), parts.uri.path(), &self.timeouts);
        let target = parts.uri.into_parts().path_and_query;
        let target = target.unwrap_or(PathAndQuery::from_static("/"));
        let (domain, name) = pool.names();
        let resource = Resource { domain, pool: name, target };
        let (proxy, upstream, method) = (self.clone(), upstream.clone(), parts.method);
        let errand = Errand { proxy, upstream, resource, pool, method, patience, random, named };
        Ok((errand, headers, caller))
    }
}

impl Errand {
    /// Sends the request. With a body, or to leave HTTP, it may be sent only once.
    async fn send(
        &self,
        headers: &HeaderMap,
        body: Body,
        upgrade: bool,
    ) -> Result<Answered, ProxyFailure> {
        let call = Call {
            client: &self.proxy.client,
            upstream: &self.upstream,
            pool: &self.pool,
            method: &self.method,
            target: &self.resource.target,
            headers,
            pace: Pace::new(self.patience),
            random: self.random,
        };
        self.upstream.deposit();
        let repeatable = retry::repeatable(&self.method, !body.is_end_stream());
        // Boxed, or each step of the cache had room for it, and all of that were copied with each request.
        Box::pin(call.send(body, repeatable && !upgrade)).await
    }

    /// Makes the caller's answer, or a tunnel if both sides want that.
    fn answer(
        &self,
        (answer, lease): Answered,
        caller: Option<OnUpgrade>,
    ) -> Result<Response, ProxyFailure> {
        let (mut head, body) = answer.into_parts();
        let upstream = head.extensions.remove::<OnUpgrade>();
        let agreed = upgrade::agreed(head.status, &head.headers);
        let mut headers = headers::end_to_end(head.headers);
        if !head.status.is_informational() {
            let idle = self.proxy.timeouts.idle;
            let body = Answer::new(body, lease, idle, self.named.clone());
            let mut response = Response::new(Body::new(body));
            (*response.status_mut(), *response.headers_mut()) = (head.status, headers);
            return Ok(response);
        }
        let (true, Some(caller), Some(upstream)) = (agreed, caller, upstream) else {
            let domain = lease.domain().to_owned();
            lease.cut();
            return Err(ProxyFailure::UnaskedUpgrade { domain });
        };
        upgrade::announce(&mut headers);
        upgrade::tunnel(caller, upstream, lease, self.proxy.stopped.clone());
        Ok((head.status, headers).into_response())
    }
}

impl cache::Origin for Errand {
    async fn fetch(&self, headers: &HeaderMap) -> Result<Response, ProxyFailure> {
        let answered = self.send(headers, Body::empty(), false).await?;
        self.answer(answered, None)
    }
}

/// Forwards a request to the domain that its path names.
pub(crate) async fn forward(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response, ApiError> {
    let now = beacons::now();
    // As it was read when the request was counted.
    let seen = request.extensions().get::<Seen>().copied();
    let seen = seen.unwrap_or_else(|| state.sessions.see(request.headers(), now));
    let Caller { session, cookie } = state.sessions.caller(seen, now, rand::random());
    match exchange(&state.current(), request, session, rand::random()).await {
        Ok(mut answer) => {
            headers::give(answer.headers_mut(), cookie);
            Ok(answer)
        }
        Err(failure) => {
            let error = ApiError::from(failure);
            Err(match cookie {
                None => error,
                Some((name, value)) => error
                    .with_header(name, value)
                    .with_header(header::CACHE_CONTROL, headers::UNSHARED),
            })
        }
    }
}

/// Answers a request from what is kept, or by what the upstream says.
async fn exchange(
    current: &Current,
    request: Request,
    session: SessionId,
    random: u64,
) -> Result<Response, ProxyFailure> {
    let (parts, body) = request.into_parts();
    let (errand, headers, caller) = current.proxy.errand(parts, session, random)?;
    let Some(cache) = &current.cache else {
        let answered = errand.send(&headers, body, caller.is_some()).await?;
        return errand.answer(answered, caller);
    };
    if errand.method.is_safe() && caller.is_none() && body.is_end_stream() {
        let (resource, method) = (errand.resource.clone(), errand.method.clone());
        return cache.answer(resource, &method, headers, errand).await;
    }
    let answered = errand.send(&headers, body, caller.is_some()).await?;
    let status = answered.0.status();
    if !errand.method.is_safe() && (status.is_success() || status.is_redirection()) {
        cache.changed(&errand.resource);
    }
    errand.answer(answered, caller)
}

//! `/api/<domain>/*`: to the domain's service and back, piece by piece as the pieces come.
//!
//! Nothing is buffered and the path is forwarded as received. When the caller goes away, hyper drops
//! this future or the answer's body, and with it the request to the upstream, and every further try.
//!
//! An upstream learns the caller's session from `x-asterism-session`, which nobody else can set: who has
//! none gets one, also with an answer that is a failure, since the upstream may have heard of it already.
//!
//! Not here: which instance answers, and whether any is asked (`upstream`).

mod answer;
mod call;
mod headers;
mod pace;
mod path;
mod upgrade;

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header, uri::PathAndQuery},
    response::{IntoResponse, Response},
};
use hyper::upgrade::OnUpgrade;
use service_kit::ApiError;
use tokio::sync::watch;

use crate::{
    AppState, Timeouts, Upstreams, beacons,
    layers::client_address,
    rescue::ProxyFailure,
    session::{Caller, SessionId},
    upstream::{
        check,
        client::{Client, client},
        domains::{Domains, Origin},
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

/// What came of a request: an answer, and the caller's side if the request asked for a web socket.
type Exchange = (Answered, Option<OnUpgrade>);

impl Proxy {
    pub(crate) fn new(
        upstreams: Upstreams,
        timeouts: Timeouts,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let (client, domains) = (client(&timeouts), Domains::new(upstreams));
        Self { client, domains, timeouts, stopped }
    }

    /// Checks the instances for ever.
    pub(crate) async fn watch(&self) {
        check::watch(&self.domains, &self.client).await;
        // Where there is no instance, there is nothing to check.
        std::future::pending::<()>().await;
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

    async fn send(
        &self,
        request: Request,
        session: SessionId,
        random: u64,
    ) -> Result<Exchange, ProxyFailure> {
        let (mut parts, body) = request.into_parts();
        let domain = path::domain(parts.uri.path()).ok_or(ProxyFailure::BadPath)?.to_owned();
        let Some(upstream) = self.domains.get(&domain) else {
            return Err(ProxyFailure::UnknownDomain(domain));
        };
        let [one, two, ..] = session.0;
        let bundle = parts.headers.get(headers::REMOTE).and_then(|value| value.to_str().ok());
        let origin = Origin { session: u16::from_le_bytes([one, two]), bundle };
        let pool = upstream.pool(origin).clone();
        let caller = upgrade::wanted(&mut parts);
        let peer = client_address(&parts.extensions);
        let mut headers = headers::to_upstream(parts.headers, peer, session);
        if caller.is_some() {
            upgrade::announce(&mut headers);
        }
        let patience = upstream.patience(&domain, parts.uri.path(), &self.timeouts);
        let target = parts.uri.into_parts().path_and_query;
        let call = Call {
            domain,
            client: &self.client,
            upstream,
            pool,
            method: parts.method,
            target: target.unwrap_or(PathAndQuery::from_static("/")),
            headers,
            pace: Pace::new(patience),
            random,
        };
        upstream.deposit();
        let repeatable = retry::repeatable(&call.method, !body.is_end_stream());
        let answered = if repeatable && caller.is_none() {
            call.again_and_again().await
        } else {
            call.once(body).await
        };
        Ok((answered?, caller))
    }

    fn answer(
        &self,
        ((answer, lease), caller): Exchange,
        cookie: Option<(HeaderName, HeaderValue)>,
    ) -> Result<Response, ProxyFailure> {
        let (mut head, body) = answer.into_parts();
        let upstream = head.extensions.remove::<OnUpgrade>();
        let agreed = upgrade::agreed(head.status, &head.headers);
        let mut headers = headers::from_upstream(head.headers, cookie);
        if !head.status.is_informational() {
            let body = Answer::new(body, lease, self.timeouts.idle);
            return Ok((head.status, headers, Body::new(body)).into_response());
        }
        let (true, Some(caller), Some(upstream)) = (agreed, caller, upstream) else {
            let domain = lease.domain().to_owned();
            lease.cut();
            return Err(ProxyFailure::UnaskedUpgrade { domain });
        };
        upgrade::announce(&mut headers);
        upgrade::tunnel(caller, upstream, lease, self.stopped.clone());
        Ok((head.status, headers).into_response())
    }
}

/// Forwards a request to the domain that its path names.
pub(crate) async fn forward(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response, ApiError> {
    let mut random = [0; 24];
    getrandom::fill(&mut random).map_err(ApiError::internal)?;
    let [id @ .., a, b, c, d, e, f, g, h] = random;
    let Caller { session, cookie } = state.sessions.caller(request.headers(), beacons::now(), id);
    let random = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let proxy = state.current().proxy.clone();
    let sent = proxy.send(request, session, random).await;
    match sent.and_then(|exchange| proxy.answer(exchange, cookie.clone())) {
        Ok(answer) => Ok(answer),
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

//! `/api/<domain>/*`: to the domain's service and back, piece by piece as the pieces come.
//!
//! Nothing is buffered and the path is forwarded as received. When the caller goes away, hyper drops
//! this future or the answer's body, and with it the request to the upstream.
//!
//! An upstream learns the caller's session from `x-asterism-session`, which nobody else can set: who has
//! none gets one, also with an answer that is a failure, since the upstream may have heard of it already.
//!
//! Not here: retries, breakers, upgrades (WebSocket).

mod headers;
mod pace;
mod path;

use std::net::SocketAddr;

use axum::{
    body::{Body, HttpBody},
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt;
use http::request::Parts;
use reqwest::{Client, redirect};
use service_kit::ApiError;

use crate::{
    AppState, Timeouts, Upstreams, beacons,
    rescue::ProxyFailure,
    session::{Caller, SessionId},
};
use pace::Pace;

/// The way to the upstreams.
#[derive(Debug)]
pub(crate) struct Proxy {
    client: Client,
    upstreams: Upstreams,
    timeouts: Timeouts,
}

impl Proxy {
    pub(crate) fn new(upstreams: Upstreams, timeouts: Timeouts) -> reqwest::Result<Self> {
        let client = Client::builder()
            .connect_timeout(timeouts.connect)
            // The answer is the caller's, redirects included.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { client, upstreams, timeouts })
    }

    async fn send(
        &self,
        request: Request,
        session: SessionId,
    ) -> Result<reqwest::Response, ProxyFailure> {
        let (parts, body) = request.into_parts();
        let domain = path::domain(parts.uri.path()).ok_or(ProxyFailure::BadPath)?.to_owned();
        let rest = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let Some(url) = self.upstreams.url(&domain, rest) else {
            return Err(ProxyFailure::UnknownDomain(domain));
        };
        let patience = self.timeouts.head_of(parts.uri.path());
        let pace = Pace::new(patience);
        let request = self.request(parts, session, &url, body, &pace);
        match pace.keep(request.send()).await {
            Some(Ok(answer)) => Ok(answer),
            // Connecting has its own short limit, and who does not even accept is down.
            Some(Err(source)) if source.is_timeout() && !source.is_connect() => {
                Err(ProxyFailure::TimedOut { domain })
            }
            Some(Err(source)) => Err(ProxyFailure::Down { domain, source }),
            None => Err(ProxyFailure::TimedOut { domain }),
        }
    }

    fn request(
        &self,
        parts: Parts,
        session: SessionId,
        url: &str,
        body: Body,
        pace: &Pace,
    ) -> reqwest::RequestBuilder {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let headers = headers::to_upstream(&parts.headers, peer, session);
        let request = self.client.request(parts.method, url).headers(headers);
        // A stream that is empty would still be sent as a chunked body.
        if body.is_end_stream() {
            return request;
        }
        let pace = pace.clone();
        let body = body.into_data_stream().inspect_ok(move |_| pace.went_on());
        request.body(reqwest::Body::wrap_stream(body))
    }

    fn answer(
        &self,
        answer: reqwest::Response,
        cookie: Option<(HeaderName, HeaderValue)>,
    ) -> Response {
        let status = answer.status();
        let headers = headers::from_upstream(answer.headers(), cookie);
        let body = pace::limited(answer.bytes_stream(), self.timeouts.idle);
        (status, headers, Body::from_stream(body)).into_response()
    }
}

/// Forwards a request to the domain that its path names.
pub(crate) async fn forward(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response, ApiError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(ApiError::internal)?;
    let Caller { session, cookie } =
        state.sessions.caller(request.headers(), beacons::now(), random);
    let proxy = state.current().proxy.clone();
    match proxy.send(request, session).await {
        Ok(answer) => Ok(proxy.answer(answer, cookie)),
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

//! The HTTP client for the upstreams: plain HTTP/1.1 over connections that are kept (`connections`).
//!
//! hyper's own connections, below its pooled client and reqwest: paths cross as they are, bodies as frames,
//! connections can be upgraded. The pooled client boxes each request, starts a task to get its connection back and
//! begins to connect in case none is free; what a proxied request takes without that is in docs/performance.md.
//!
//! Not here: event streams, which stay open (`streams`); TLS and HTTP/2 to upstreams, which are near.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use http::{
    HeaderValue, Request, Response, Uri,
    header::HOST,
    uri::{Authority, Scheme},
};
use hyper::{
    body::Incoming,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use tokio::{net::TcpStream, time::Instant};
use tower::Service;

use super::{
    Timeouts,
    connections::{Connections, Held},
    reply::Reply,
    streams::{self, Opening},
};
use crate::server::workers;

/// How often connections that nobody uses are looked at.
const TIDIED: Duration = Duration::from_secs(10);

/// Why no head of an answer came.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// There is no connection.
    #[error("cannot connect")]
    Connect(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It broke.
    #[error("the connection broke")]
    Broken(#[from] hyper::Error),
    /// The one of an event stream broke.
    #[error("the connection of a stream broke")]
    Stream(#[from] streams::Broken),
}

/// The client: each worker has connections of its own, so that a request and its connection are on one thread.
#[derive(Debug)]
pub(crate) struct Client {
    connector: HttpConnector,
    by_worker: Vec<Arc<Connections>>,
    /// Those of all other threads.
    others: Arc<Connections>,
}

impl Client {
    /// Returns a client for so many workers, which gives up connecting after a while.
    pub(crate) fn new(timeouts: &Timeouts, workers: usize) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(timeouts.connect));
        connector.set_nodelay(true);
        let by_worker = std::iter::repeat_with(Arc::default).take(workers).collect();
        Self { connector, by_worker, others: Arc::default() }
    }

    /// Sends a request whose URI is a path to an instance, and returns the answer once its head is there.
    ///
    /// # Errors
    /// No head of an answer came.
    pub(crate) async fn send(
        &self,
        instance: &Authority,
        mut request: Request<Body>,
    ) -> Result<Response<Reply>, ClientError> {
        request.headers_mut().insert(HOST, host(instance)?);
        if let Some(opening) = Opening::of(&request) {
            // Boxed, or every request had room for it.
            return Box::pin(self.open(instance, opening)).await;
        }
        let own = workers::number().checked_sub(1).and_then(|n| self.by_worker.get(n));
        let connections = own.unwrap_or(&self.others);
        while let Some(mut kept) = connections.take(instance) {
            match kept.try_send_request(request).await {
                Ok(answer) => return Ok(held(answer, Held::new(kept, connections, instance))),
                Err(mut error) => match error.take_message() {
                    // The other side had closed it.
                    Some(unsent) => request = unsent,
                    None => return Err(error.into_error().into()),
                },
            }
        }
        let mut made = self.connect(instance).await?;
        let answer = made.send_request(request).await?;
        Ok(held(answer, Held::new(made, connections, instance)))
    }

    async fn open(
        &self,
        instance: &Authority,
        opening: Opening,
    ) -> Result<Response<Reply>, ClientError> {
        let connection = self.reach(instance).await?.into_inner();
        let answer = opening.send(connection).await?;
        Ok(answer.map(|body| body.map_or(Reply::Nothing, |body| Reply::Stream(Box::new(body)))))
    }

    async fn connect(&self, instance: &Authority) -> Result<SendRequest<Body>, ClientError> {
        let stream = self.reach(instance).await?;
        let (sender, connection) =
            handshake(stream).await.map_err(|e| ClientError::Connect(e.into()))?;
        tokio::spawn(async move {
            if let Err(error) = connection.with_upgrades().await {
                tracing::debug!(%error, "a connection to an upstream broke");
            }
        });
        Ok(sender)
    }

    async fn reach(&self, instance: &Authority) -> Result<TokioIo<TcpStream>, ClientError> {
        let uri = Uri::builder().scheme(Scheme::HTTP).authority(instance.clone());
        let uri = uri.path_and_query("/").build().map_err(|e| ClientError::Connect(e.into()))?;
        self.connector.clone().call(uri).await.map_err(|e| ClientError::Connect(e.into()))
    }

    /// Closes what nobody has used for long, for ever.
    pub(crate) async fn tidy(&self) {
        loop {
            tokio::time::sleep(TIDIED).await;
            let now = Instant::now();
            let all = self.by_worker.iter().chain([&self.others]);
            all.for_each(|connections| connections.close_unused(now));
        }
    }
}

fn held(answer: Response<Incoming>, connection: Held) -> Response<Reply> {
    answer.map(|body| Reply::Kept(body, connection))
}

/// Returns the host as a request names it, without the port that http has.
fn host(instance: &Authority) -> Result<HeaderValue, ClientError> {
    let host = match instance.port_u16() {
        Some(80) => instance.host(),
        _ => instance.as_str(),
    };
    HeaderValue::from_str(host).map_err(|error| ClientError::Connect(error.into()))
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::body::Body;
    use http::{Request, uri::Authority};
    use http_body_util::BodyExt;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::{Client, ClientError, host};
    use crate::{Timeouts, upstream::reply::Reply};

    /// What an instance does after an answer.
    #[derive(Clone, Copy, PartialEq)]
    enum Then {
        Stays,
        Closes,
        /// The answer has no end.
        GoesOn,
    }

    struct Instance {
        address: Authority,
        connections: Arc<AtomicUsize>,
    }

    impl Instance {
        async fn start(then: Then) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap().to_string().parse().unwrap();
            let connections = Arc::<AtomicUsize>::default();
            let count = connections.clone();
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    count.fetch_add(1, Ordering::Relaxed);
                    tokio::spawn(answer(stream, then));
                }
            });
            Self { address, connections }
        }

        fn connections(&self) -> usize {
            self.connections.load(Ordering::Relaxed)
        }
    }

    async fn answer(mut stream: TcpStream, then: Then) {
        let mut request = [0; 1000];
        while let Ok(1..) = stream.read(&mut request).await {
            let length = if then == Then::GoesOn { 1000 } else { 2 };
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\nok");
            stream.write_all(head.as_bytes()).await.unwrap();
            if then == Then::Closes {
                return;
            }
        }
    }

    fn client() -> Client {
        Client::new(&Timeouts::default(), 0)
    }

    async fn asked(client: &Client, of: &Instance) -> Reply {
        let request = Request::builder().uri("/x").body(Body::empty()).unwrap();
        client.send(&of.address, request).await.unwrap().into_body()
    }

    async fn read(body: Reply) {
        assert_eq!(body.collect().await.unwrap().to_bytes(), "ok");
    }

    #[tokio::test]
    async fn a_connection_takes_the_next_request_once_its_answer_has_ended() {
        let (client, instance) = (client(), Instance::start(Then::Stays).await);
        for _ in 0..5 {
            read(asked(&client, &instance).await).await;
        }
        assert_eq!(instance.connections(), 1);
        let (one, two) = (asked(&client, &instance).await, asked(&client, &instance).await);
        assert_eq!(instance.connections(), 2, "nobody waits for another's answer");
        read(one).await;
        read(two).await;
        let (one, two) = (asked(&client, &instance).await, asked(&client, &instance).await);
        read(one).await;
        read(two).await;
        assert_eq!(instance.connections(), 2);
    }

    #[tokio::test]
    async fn a_connection_that_was_closed_meanwhile_costs_no_request() {
        let (client, instance) = (client(), Instance::start(Then::Closes).await);
        for _ in 0..20 {
            read(asked(&client, &instance).await).await;
        }
        assert_eq!(instance.connections(), 20);
    }

    #[tokio::test]
    async fn an_answer_that_nobody_reads_to_its_end_closes_its_connection() {
        let (client, instance) = (client(), Instance::start(Then::GoesOn).await);
        for expected in 1..5 {
            drop(asked(&client, &instance).await);
            tokio::task::yield_now().await;
            assert_eq!(instance.connections(), expected);
        }
    }

    #[tokio::test]
    async fn who_does_not_listen_is_told_apart_from_who_breaks_off() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: Authority = listener.local_addr().unwrap().to_string().parse().unwrap();
        let send = async || {
            let request = Request::builder().uri("/x").body(Body::empty()).unwrap();
            client().send(&address, request).await.map(drop)
        };
        let (sent, _) = tokio::join!(send(), async { drop(listener.accept().await) });
        assert!(matches!(sent, Err(ClientError::Broken(_))), "{sent:?}");
        drop(listener);
        let sent = send().await;
        assert!(matches!(sent, Err(ClientError::Connect(_))), "{sent:?}");
    }

    #[test]
    fn the_host_is_named_without_the_port_that_everybody_knows() {
        for (instance, expected) in
            [("a.example:80", "a.example"), ("a.example", "a.example"), ("[::1]:81", "[::1]:81")]
        {
            assert_eq!(host(&instance.parse().unwrap()).unwrap(), expected);
        }
    }
}

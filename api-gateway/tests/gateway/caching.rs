//! What a service says may be shared is asked of it once, and shown when it is gone; what is private never.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use api_gateway::{CacheLimits, Config};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use futures_util::{StreamExt, future::join_all, stream};
use tokio::sync::watch;

use crate::{Site, serve, soon};

type Answer = Box<dyn Fn(&HeaderMap) -> Response + Send>;

/// A service that counts what it is asked and answers as it is told.
#[derive(Clone)]
struct Service {
    asked: Arc<Mutex<Vec<(String, HeaderMap)>>>,
    answer: Arc<Mutex<Answer>>,
    /// Answers wait while it is false.
    open: watch::Sender<bool>,
}

impl Service {
    fn saying(control: &'static str) -> Self {
        let service = Self {
            asked: Arc::default(),
            answer: Arc::new(Mutex::new(Box::new(|_| ().into_response()))),
            open: watch::channel(true).0,
        };
        service.say([("cache-control", control)], "one");
        service
    }

    fn say<const N: usize>(&self, headers: [(&'static str, &'static str); N], body: &'static str) {
        self.answer(move |_| (headers, body).into_response());
    }

    fn answer(&self, answer: impl Fn(&HeaderMap) -> Response + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }

    /// Fails from now on.
    fn fail(&self) {
        self.answer(|_| StatusCode::SERVICE_UNAVAILABLE.into_response());
    }

    fn router(&self) -> Router {
        let Self { asked, answer, open } = self.clone();
        Router::new().fallback(any(async move |request: Request| {
            let line = format!("{} {}", request.method(), request.uri());
            asked.lock().unwrap().push((line, request.headers().clone()));
            open.subscribe().wait_for(|open| *open).await.unwrap();
            answer.lock().unwrap()(request.headers())
        }))
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// What came last.
    fn last(&self) -> (String, HeaderMap) {
        self.asked.lock().unwrap().last().unwrap().clone()
    }

    async fn asked(&self, times: usize) {
        let asked = async {
            while self.count() < times {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        soon(asked).await;
    }
}

/// A caller with a session of their own.
struct Caller {
    client: reqwest::Client,
    url: String,
    cookies: String,
}

impl Caller {
    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Got {
        let url = format!("{}/api/alpha/{path}", self.url);
        let request = self.client.request(method.parse().unwrap(), url);
        let request = request.header("cookie", &self.cookies);
        let request = headers.iter().fold(request, |r, (name, value)| r.header(*name, *value));
        let answer = soon(request.send()).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Got { status, headers, body: soon(answer.text()).await.unwrap() }
    }

    async fn get(&self, path: &str) -> Got {
        self.send("GET", path, &[]).await
    }
}

#[derive(Debug)]
struct Got {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn cache(&self) -> &str {
        self.header("cache-status").trim_start_matches("asterism; ")
    }

    #[track_caller]
    fn is(&self, body: &str, cache: &str) {
        assert_eq!((&*self.body, self.cache()), (body, cache), "{self:?}");
    }
}

struct Fixture {
    service: Service,
    site: Site,
    url: String,
}

impl Fixture {
    async fn new(control: &'static str) -> Self {
        Self::limited(control, CacheLimits::default()).await
    }

    async fn limited(control: &'static str, cache: CacheLimits) -> Self {
        let service = Service::saying(control);
        let upstream = serve(service.router()).await;
        Self::before(service, &upstream, cache).await
    }

    async fn before(service: Service, upstream: &str, cache: CacheLimits) -> Self {
        let upstreams = format!("alpha={upstream}");
        let site = Site::configured(&upstreams, |config| Config { cache, ..config }).await;
        let url = site.listen().await;
        Self { service, site, url }
    }

    async fn caller(&self) -> Caller {
        let client = reqwest::Client::new();
        Caller { client, url: self.url.clone(), cookies: self.site.visitor().await }
    }
}

#[tokio::test]
async fn a_fresh_answer_is_asked_for_once() {
    let fixture = Fixture::new("public, max-age=60").await;
    let (one, two) = (fixture.caller().await, fixture.caller().await);
    one.get("x").await.is("one", "fwd=miss");
    fixture.service.say([("cache-control", "max-age=60")], "two");
    let again = two.get("x").await;
    assert!(again.cache().starts_with("hit; ttl="), "{again:?}");
    assert_eq!((&*again.body, again.header("content-length")), ("one", "3"));
    assert!(again.header("age").parse::<u64>().unwrap() < 60);
    assert_eq!(again.header("cache-control"), "public, max-age=60", "the browser may keep it too");
    assert_eq!(fixture.service.count(), 1);
    two.get("x?q=1").await.is("two", "fwd=miss");
    let metrics = fixture.site.get("/metrics", &[]).await;
    for outcome in ["hit", "miss"] {
        let line = format!("cache_requests_total{{domain=\"alpha\",outcome=\"{outcome}\"}}");
        assert!(metrics.text().contains(&line), "{line}");
    }
}

#[tokio::test]
async fn what_the_gateway_adds_is_each_callers_own() {
    let fixture = Fixture::new("public, max-age=60").await;
    let strangers =
        [("", ""), ("", "")].map(|_| reqwest::get(format!("{}/api/alpha/x", fixture.url)));
    let mut seen = Vec::new();
    for stranger in strangers {
        let answer = soon(stranger).await.unwrap();
        let headers = answer.headers();
        assert_eq!(headers["cache-control"], "no-store, private", "it gives a session");
        seen.push(
            [&headers["set-cookie"], &headers["x-request-id"]]
                .map(|v| v.to_str().unwrap().to_owned()),
        );
    }
    assert_ne!(seen[0][0], seen[1][0]);
    assert_ne!(seen[0][1], seen[1][1]);
    assert_eq!(fixture.service.count(), 1);
    let known = fixture.caller().await.get("x").await;
    assert_eq!(known.header("set-cookie"), "");
    assert!(known.header("ratelimit").contains("r="), "{known:?}");
}

#[tokio::test]
async fn private_answers_are_each_sessions_own_and_wait_for_nobody() {
    for control in ["private, max-age=60", "max-age=60, no-store", "no-cache", "max-age=60"] {
        let fixture = Fixture::new("").await;
        fixture.service.answer(move |request| {
            let whose = request["x-asterism-session"].to_str().unwrap().to_owned();
            let vary = if control == "max-age=60" { "X-Asterism-Session" } else { "accept" };
            ([("cache-control", control), ("vary", vary)], whose).into_response()
        });
        let callers = join_all((0..5).map(|_| fixture.caller())).await;
        for _ in 0..3 {
            let answers = join_all(callers.iter().map(|caller| caller.get("x"))).await;
            for (caller, answer) in callers.iter().zip(answers) {
                let cookies = &caller.cookies;
                assert!(
                    cookies.contains(&format!("asterism_session={}.", answer.body)),
                    "{control}"
                );
            }
        }
        // Those that vary by the session are kept for it.
        let expected = if control == "max-age=60" { 5 } else { 15 };
        assert_eq!(fixture.service.count(), expected, "{control}");
    }
}

#[tokio::test]
async fn private_answers_are_fetched_side_by_side() {
    let fixture = Fixture::new("private").await;
    let caller = fixture.caller().await;
    caller.get("x").await.is("one", "fwd=miss");
    fixture.service.open.send_replace(false);
    let (service, waiting) = (fixture.service.clone(), join_all((0..5).map(|_| caller.get("x"))));
    let opened = async {
        service.asked(6).await;
        service.open.send_replace(true);
    };
    let (answers, ()) = tokio::join!(waiting, opened);
    answers.iter().for_each(|answer| answer.is("one", "fwd=bypass"));
}

#[tokio::test]
async fn a_cookie_of_the_service_is_kept_by_nobody() {
    let fixture = Fixture::new("").await;
    fixture
        .service
        .say([("cache-control", "public, max-age=60"), ("set-cookie", "theirs=1")], "mine");
    let caller = fixture.caller().await;
    for _ in 0..2 {
        assert_eq!(caller.get("x").await.header("set-cookie"), "theirs=1");
    }
    assert_eq!(fixture.service.count(), 2);
}

#[tokio::test]
async fn credentials_get_what_is_public_and_leave_nothing() {
    let fixture = Fixture::new("max-age=60").await;
    let caller = fixture.caller().await;
    let key = [("authorization", "Bearer key")];
    caller.send("GET", "x", &key).await.is("one", "fwd=miss");
    fixture.service.say([("cache-control", "max-age=60")], "two");
    caller.get("x").await.is("two", "fwd=miss");
    fixture.service.say([("cache-control", "max-age=60")], "for the key");
    caller.send("GET", "x", &key).await.is("for the key", "fwd=miss");
    assert_eq!(caller.get("x").await.body, "two");
    fixture.service.say([("cache-control", "public, max-age=60")], "public");
    caller.get("y").await.is("public", "fwd=miss");
    let count = fixture.service.count();
    assert!(caller.send("GET", "y", &key).await.cache().starts_with("hit"));
    assert_eq!(fixture.service.count(), count);
}

#[tokio::test]
async fn an_answer_varies_by_what_it_says() {
    let fixture = Fixture::new("").await;
    fixture.service.answer(|request| {
        let accept = request["accept-language"].to_str().unwrap().to_owned();
        let headers = [("cache-control", "max-age=60"), ("vary", "Accept-Language")];
        (headers, accept).into_response()
    });
    let caller = fixture.caller().await;
    for _ in 0..2 {
        for language in ["de", "en"] {
            let answer = caller.send("GET", "x", &[("accept-language", language)]).await;
            assert_eq!(answer.body, language);
        }
    }
    assert_eq!(fixture.service.count(), 2);
    // Who waited for another variant asks for their own.
    fixture.service.open.send_replace(false);
    let languages = ["fr", "it", "fr", "it"];
    let asks = languages
        .map(async |language| caller.send("GET", "y", &[("accept-language", language)]).await.body);
    let service = fixture.service.clone();
    let opened = async {
        service.asked(3).await;
        service.open.send_replace(true);
    };
    let (bodies, ()) = tokio::join!(join_all(asks), opened);
    assert_eq!(bodies, languages);
    assert_eq!(fixture.service.count(), 4);
}

#[tokio::test]
async fn a_caller_who_has_it_is_told_so() {
    let fixture = Fixture::new("").await;
    fixture.service.say([("cache-control", "max-age=60"), ("etag", "\"v1\"")], "one");
    let caller = fixture.caller().await;
    // Also when it is not kept yet: it is then.
    let has_it = [("if-none-match", "\"v0\", W/\"v1\"")];
    for cache in ["fwd=miss", "hit; ttl="] {
        let answer = caller.send("GET", "x", &has_it).await;
        assert_eq!((answer.status, &*answer.body), (304, ""));
        assert_eq!(answer.header("etag"), "\"v1\"");
        assert!(answer.cache().starts_with(cache), "{answer:?}");
    }
    assert_eq!(fixture.service.count(), 1);
    assert!(!fixture.service.last().1.contains_key("if-none-match"));
    let has_another = [("if-none-match", "\"v0\"")];
    assert_eq!(caller.send("GET", "x", &has_another).await.body, "one");
    // What is not for others goes through as it is.
    fixture.service.say([("cache-control", "private"), ("etag", "\"v1\"")], "mine");
    for _ in 0..2 {
        assert_eq!(caller.send("GET", "y", &has_it).await.status, 304);
    }
    assert_eq!(fixture.service.last().1["if-none-match"], "\"v0\", W/\"v1\"");
}

#[tokio::test]
async fn what_must_be_asked_about_is_asked_with_its_tag() {
    let fixture = Fixture::new("").await;
    fixture.service.answer(|request| {
        let headers = [("cache-control", "public, max-age=0"), ("etag", "\"v1\"")];
        match request.get("if-none-match") {
            Some(tag) if tag == "\"v1\"" => (StatusCode::NOT_MODIFIED, headers).into_response(),
            _ => (headers, "one").into_response(),
        }
    });
    let caller = fixture.caller().await;
    caller.get("x").await.is("one", "fwd=miss");
    caller.get("x").await.is("one", "fwd=stale; fwd-status=304");
    assert_eq!(fixture.service.last().1["if-none-match"], "\"v1\"");
    let has_it = caller.send("GET", "x", &[("if-none-match", "\"v1\"")]).await;
    assert_eq!((has_it.status, fixture.service.count()), (304, 3));
    fixture.service.say([("cache-control", "public, max-age=0"), ("etag", "\"v2\"")], "two");
    caller.get("x").await.is("two", "fwd=stale");
}

#[tokio::test]
async fn many_callers_are_one_request() {
    let fixture = Fixture::new("public, max-age=60").await;
    fixture.service.open.send_replace(false);
    let callers = join_all((0..20).map(|_| fixture.caller())).await;
    let asks = join_all(callers.iter().map(|caller| caller.get("x")));
    let service = fixture.service.clone();
    let opened = async {
        service.asked(1).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        service.open.send_replace(true);
    };
    let (answers, ()) = tokio::join!(asks, opened);
    let waited = answers.iter().filter(|answer| answer.cache() == "fwd=miss; collapsed").count();
    assert_eq!((fixture.service.count(), waited), (1, 19));
    assert!(answers.iter().all(|answer| answer.body == "one"));
}

#[tokio::test]
async fn the_first_caller_may_leave_and_the_last_one_ends_it() {
    let fixture = Fixture::new("public, max-age=60").await;
    fixture.service.open.send_replace(false);
    let (first, second) = (fixture.caller().await, fixture.caller().await);
    let leads = tokio::spawn(async move { first.get("x").await });
    fixture.service.asked(1).await;
    let joins = tokio::spawn(async move { second.get("x").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    leads.abort();
    tokio::time::sleep(Duration::from_millis(200)).await;
    fixture.service.open.send_replace(true);
    soon(joins).await.unwrap().is("one", "fwd=miss; collapsed");
    assert_eq!(fixture.service.count(), 1);
}

#[tokio::test]
async fn a_caller_who_reads_slowly_or_leaves_in_the_middle_keeps_nobody_waiting() {
    let (go_on, wait) = watch::channel(false);
    let fixture = Fixture::new("").await;
    fixture.service.answer(move |_| {
        let mut wait = wait.clone();
        let rest = stream::once(async move {
            wait.wait_for(|go_on| *go_on).await.unwrap();
            Ok::<_, std::io::Error>(Bytes::from_static(b" and the rest"))
        });
        let first = stream::iter([Ok(Bytes::from_static(b"begun"))]);
        ([("cache-control", "max-age=60")], Body::from_stream(first.chain(rest))).into_response()
    });
    let (first, second) = (fixture.caller().await, fixture.caller().await);
    let request = first.client.get(format!("{}/api/alpha/x", first.url));
    let mut leads = soon(request.header("cookie", &first.cookies).send()).await.unwrap();
    assert_eq!(soon(leads.chunk()).await.unwrap().unwrap(), "begun", "piece by piece");
    let joins = tokio::spawn(async move { second.get("x").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(leads);
    tokio::time::sleep(Duration::from_millis(200)).await;
    go_on.send_replace(true);
    soon(joins).await.unwrap().is("begun and the rest", "fwd=miss; collapsed");
    assert_eq!(fixture.service.count(), 1);
}

#[tokio::test]
async fn a_stale_answer_is_sent_while_the_next_one_is_fetched() {
    let fixture = Fixture::new("max-age=0, stale-while-revalidate=60").await;
    let caller = fixture.caller().await;
    caller.get("x").await.is("one", "fwd=miss");
    fixture.service.say([("cache-control", "max-age=60")], "two");
    fixture.service.open.send_replace(false);
    for _ in 0..3 {
        caller.get("x").await.is("one", "hit; ttl=0");
    }
    fixture.service.asked(2).await;
    fixture.service.open.send_replace(true);
    let renewed = async {
        while caller.get("x").await.body != "two" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon(renewed).await;
    assert_eq!(fixture.service.count(), 2, "once for all");
}

#[tokio::test]
async fn a_stale_answer_stands_in_for_a_failure() {
    let fixture = Fixture::new("").await;
    let headers = [("cache-control", "max-age=0, stale-if-error=60"), ("etag", "\"v1\"")];
    fixture.service.say(headers, "the last list");
    let caller = fixture.caller().await;
    caller.get("list").await.is("the last list", "fwd=miss");
    caller.get("never").await.is("the last list", "fwd=miss");
    fixture.service.fail();
    for path in ["list", "list?other"] {
        let answer = caller.get(path).await;
        let expected = if path == "list" { 200 } else { 503 };
        assert_eq!(answer.status, expected);
    }
    let expected = "fwd=stale; fwd-status=503; detail=stale-if-error";
    caller.get("list").await.is("the last list", expected);
    // Also for who goes alone, and for the head.
    let head = caller.send("HEAD", "list", &[]).await;
    assert_eq!((head.status, head.header("content-length")), (200, "13"));
    // Who wants it from the service is told how it is.
    let asked = caller.send("GET", "list", &[("cache-control", "no-cache")]).await;
    assert_eq!(asked.status, 503);
    fixture.service.say(headers, "the next list");
    caller.get("list").await.is("the next list", "fwd=stale");
}

#[tokio::test]
async fn a_service_that_is_gone_or_hangs_leaves_its_last_list() {
    let service = Service::saying("public, max-age=0, stale-if-error=60");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let upstream = format!("http://{}", listener.local_addr().unwrap());
    // Of its own, so that it can end with all its connections.
    let process =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let (process, router) = (process.unwrap(), service.router());
    process.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        axum::serve(listener, router).await
    });
    let fixture = Fixture::before(service, &upstream, CacheLimits::default()).await;
    let caller = fixture.caller().await;
    caller.get("x").await.is("one", "fwd=miss");

    fixture.service.open.send_replace(false);
    let begun = std::time::Instant::now();
    let hanging = join_all((0..3).map(|_| caller.get("x"))).await;
    hanging.iter().for_each(|got| got.is("one", "fwd=stale; detail=stale-if-error"));
    assert!(begun.elapsed() < Duration::from_secs(5), "no caller waits for a timeout");
    assert_eq!(fixture.service.count(), 2);

    process.shutdown_background();
    // Until the breaker opens, and then.
    for _ in 0..30 {
        caller.get("x").await.is("one", "fwd=stale; detail=stale-if-error");
    }
    assert_eq!(caller.get("never").await.status, 503);
}

#[tokio::test]
async fn what_was_changed_is_asked_for_again() {
    let fixture = Fixture::new("max-age=60").await;
    let caller = fixture.caller().await;
    for path in ["x", "x?q=1", "y"] {
        caller.get(path).await.is("one", "fwd=miss");
    }
    // What was asked for before the change and comes after it.
    fixture.service.open.send_replace(false);
    let early = Caller {
        url: caller.url.clone(),
        cookies: caller.cookies.clone(),
        client: reqwest::Client::new(),
    };
    let early = tokio::spawn(async move { early.get("x?late").await });
    fixture.service.asked(4).await;
    fixture.service.say([("cache-control", "max-age=60")], "two");
    let put = tokio::spawn(caller.client.put(format!("{}/api/alpha/x", caller.url)).send());
    fixture.service.asked(5).await;
    fixture.service.open.send_replace(true);
    assert_eq!(soon(put).await.unwrap().unwrap().status(), 200);
    soon(early).await.unwrap();
    for path in ["x", "x?q=1", "x?late"] {
        caller.get(path).await.is("two", "fwd=miss");
    }
    assert_eq!(caller.get("y").await.body, "one");
    // A change that failed is none.
    fixture.service.fail();
    assert_eq!(caller.send("POST", "x", &[]).await.status, 503);
    assert!(caller.get("x").await.cache().starts_with("hit"));
}

#[tokio::test]
async fn a_head_is_answered_by_what_a_get_left() {
    let fixture = Fixture::new("max-age=60").await;
    let caller = fixture.caller().await;
    let before = caller.send("HEAD", "x", &[]).await;
    assert_eq!((before.cache(), &*fixture.service.last().0), ("fwd=miss", "HEAD /api/alpha/x"));
    caller.get("x").await.is("one", "fwd=miss");
    let head = caller.send("HEAD", "x", &[]).await;
    assert!(head.cache().starts_with("hit"), "{head:?}");
    assert_eq!((head.header("content-length"), &*head.body), ("3", ""));
    assert_eq!(fixture.service.count(), 2);
}

#[tokio::test]
async fn large_answers_and_streams_pass_without_delay() {
    let cache = CacheLimits { body_bytes: 1000, ..CacheLimits::default() };
    let fixture = Fixture::limited("", cache).await;
    let large = "x".repeat(1001);
    fixture.service.answer({
        let large = large.clone();
        move |_| ([("cache-control", "max-age=60")], large.clone()).into_response()
    });
    let caller = fixture.caller().await;
    for _ in 0..2 {
        assert_eq!(caller.get("large").await.body, large);
    }
    assert_eq!(fixture.service.count(), 2);
    // Without an end, and without a length: a piece comes when it is sent, before and after the limit.
    let (send, receive) = tokio::sync::mpsc::unbounded_channel::<Result<Bytes, std::io::Error>>();
    let receive = Mutex::new(Some(tokio_stream::wrappers::UnboundedReceiverStream::new(receive)));
    fixture.service.answer(move |_| {
        let body = Body::from_stream(receive.lock().unwrap().take().unwrap());
        ([("cache-control", "public, max-age=60")], body).into_response()
    });
    let request = caller.client.get(format!("{}/api/alpha/stream", caller.url));
    send.send(Ok(Bytes::from_static(b"first"))).unwrap();
    let mut answer = soon(request.send()).await.unwrap();
    assert_eq!(soon(answer.chunk()).await.unwrap().unwrap(), "first");
    for _ in 0..3 {
        send.send(Ok(Bytes::from(vec![b'x'; 600]))).unwrap();
        assert_eq!(soon(answer.chunk()).await.unwrap().unwrap().len(), 600);
    }
    drop(send);
    assert_eq!(soon(answer.chunk()).await.unwrap(), None);
}

#[tokio::test]
async fn ranges_feeds_and_event_streams_pass() {
    let fixture = Fixture::new("public, max-age=60").await;
    let caller = fixture.caller().await;
    for (path, header) in [
        ("x", ("range", "bytes=0-1")),
        ("feed", ("accept", "*/*")),
        ("x", ("accept", "text/event-stream")),
        ("x", ("cache-control", "no-store")),
    ] {
        for _ in 0..2 {
            caller.send("GET", path, &[header]).await.is("one", "fwd=bypass");
        }
    }
    assert_eq!(fixture.service.count(), 8);
}

#[tokio::test]
async fn pools_and_hosts_have_answers_of_their_own() {
    let (blue, green) = (Service::saying("max-age=60"), Service::saying("max-age=60"));
    green.say([("cache-control", "max-age=60")], "green");
    let (at_blue, at_green) = (serve(blue.router()).await, serve(green.router()).await);
    let upstreams = format!("alpha.blue={at_blue},alpha.green={at_green}|beta@^2");
    let site = Site::new(&upstreams).await;
    for _ in 0..2 {
        assert_eq!(site.get("/api/alpha/x", &[]).await.text(), "one");
        let claimed = [("x-asterism-remote", "beta@2.0.0")];
        assert_eq!(site.get("/api/alpha/x", &claimed).await.text(), "green");
    }
    assert_eq!((blue.count(), green.count()), (1, 1));
    site.get("/api/alpha/x", &[("host", "evil.example")]).await;
    assert_eq!(blue.count(), 2, "an answer may have links to the host that was asked");
}

#[tokio::test]
async fn without_a_cache_every_request_is_the_services() {
    let cache = CacheLimits { enabled: false, ..CacheLimits::default() };
    let fixture = Fixture::limited("public, max-age=60", cache).await;
    let caller = fixture.caller().await;
    for _ in 0..2 {
        caller.get("x").await.is("one", "");
    }
    assert_eq!(fixture.service.count(), 2);
}

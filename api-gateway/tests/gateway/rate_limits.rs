//! Who asks for too much is told to wait; others are not.

use std::net::SocketAddr;

use api_gateway::{Budget, Config, Limits};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request},
    routing::any,
};

use crate::{Answer, Site, networks, request, serve};

pub(crate) async fn site(limits: Limits) -> Site {
    let upstream = serve(Router::new().fallback(any(async || "answer"))).await;
    let upstreams = format!("alpha={upstream},beta={upstream}");
    Site::configured(&upstreams, |config| Config { limits, ..config }).await
}

pub(crate) fn off() -> Limits {
    Limits { site: Budget::default(), ..Limits::default() }
}

fn from(address: &str, request: Request<Body>) -> Request<Body> {
    let mut request = request;
    let address: SocketAddr = SocketAddr::new(address.parse().unwrap(), 1000);
    request.extensions_mut().insert(ConnectInfo(address));
    request
}

pub(crate) async fn ask(
    site: &Site,
    address: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let headers: Vec<_> = headers.iter().copied().chain([("host", "site.example")]).collect();
    site.send(from(address, request(Method::GET, path, &headers, Body::empty()))).await
}

#[tokio::test]
async fn what_is_left_is_told_with_problems_too() {
    let address = Some("60/h burst 2".parse().unwrap());
    let site = site(Limits { site: Budget { address, ..Budget::default() }, ..off() }).await;
    let problem = ask(&site, "192.0.2.1", "/api/missing/x", &[]).await;
    assert_eq!(problem.problem(), (404, "unknown-domain".to_owned()));
    assert_eq!(problem.header("ratelimit"), "\"address\";r=1;t=1");
}

#[tokio::test]
async fn an_address_that_asks_too_much_waits_and_others_do_not() {
    let address = Some("60/h burst 2".parse().unwrap());
    let site = site(Limits { site: Budget { address, ..Budget::default() }, ..off() }).await;
    let first = ask(&site, "192.0.2.1", "/api/alpha/x", &[]).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("ratelimit-policy"), "\"address\";q=60;w=3600");
    assert_eq!(first.header("ratelimit"), "\"address\";r=1;t=1");
    // Pages count too, but are not told: they are kept by browsers.
    let page = ask(&site, "192.0.2.1", "/", &[]).await;
    assert_eq!((page.status.as_u16(), page.header("ratelimit")), (200, ""));
    let refused = ask(&site, "192.0.2.1", "/api/alpha/x", &[]).await;
    assert_eq!(refused.problem(), (429, "too-many-requests".to_owned()));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((50..=60).contains(&wait), "{wait}");
    assert_eq!(refused.header("ratelimit"), format!("\"address\";r=0;t={wait}"));
    // Operators look whenever they like, and others have their own.
    assert_eq!(ask(&site, "192.0.2.1", "/healthz", &[]).await.status, 200);
    assert_eq!(ask(&site, "192.0.2.2", "/api/alpha/x", &[]).await.status, 200);
    // One household is one address.
    for (address, status) in [("2001:db8::1", 200), ("2001:db8::2", 200), ("2001:db8::3", 429)] {
        assert_eq!(ask(&site, address, "/api/alpha/x", &[]).await.status, status, "{address}");
    }
}

#[tokio::test]
async fn a_session_and_a_key_are_counted_wherever_they_come_from() {
    let rate = Some("60/h burst 2".parse().unwrap());
    let budget = Budget { address: None, session: rate, key: rate };
    let site = site(Limits { site: budget, ..off() }).await;
    let (one, other) = (site.visitor().await, site.visitor().await);
    let (key, another) = ("Bearer one", "Bearer two");
    for (name, busy, quiet) in
        [("cookie", one.as_str(), other.as_str()), ("authorization", key, another)]
    {
        for (n, status) in [(1, 200), (2, 200), (3, 429)] {
            let address = format!("192.0.2.{n}");
            let answer = ask(&site, &address, "/api/alpha/x", &[(name, busy)]).await;
            assert_eq!(answer.status, status, "{name} {n}");
        }
        assert_eq!(ask(&site, "192.0.2.1", "/api/alpha/x", &[(name, quiet)]).await.status, 200);
    }
    // A session that nobody gave counts for nothing.
    for _ in 0..5 {
        let forged =
            ask(&site, "192.0.2.1", "/api/alpha/x", &[("cookie", "asterism_session=x.1.1.00")]);
        assert_eq!(forged.await.status, 200);
    }
}

#[tokio::test]
async fn a_domain_has_a_budget_of_its_own_on_top() {
    let address = Some("60/h burst 1".parse().unwrap());
    let domains = [("alpha".to_owned(), Budget { address, ..Budget::default() })].into();
    let site = site(Limits { domains, ..off() }).await;
    assert_eq!(ask(&site, "192.0.2.1", "/api/alpha/x", &[]).await.status, 200);
    assert_eq!(ask(&site, "192.0.2.1", "/api/alpha/y", &[]).await.status, 429);
    for path in ["/api/beta/x", "/api/beta/x", "/", "/manifest.json"] {
        assert_eq!(ask(&site, "192.0.2.1", path, &[]).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn our_own_machines_and_clients_of_trusted_proxies_are_told_apart() {
    let address = Some("60/h burst 1".parse().unwrap());
    let limits = Limits {
        site: Budget { address, ..Budget::default() },
        exempt: networks(&["10.0.0.0/8"]),
        ..off()
    };
    let site = site(limits).await;
    let mut config = site.state.config();
    config.trusted_proxies = networks(&["192.0.2.0/24"]);
    site.state.reconfigure(config).unwrap();
    for _ in 0..3 {
        assert_eq!(ask(&site, "10.1.1.1", "/api/alpha/x", &[]).await.status, 200);
    }
    for (client, status) in [("203.0.113.1", 200), ("203.0.113.1", 429), ("203.0.113.2", 200)] {
        let told = [("x-forwarded-for", client)];
        assert_eq!(ask(&site, "192.0.2.7", "/api/alpha/x", &told).await.status, status, "{client}");
    }
    // A stranger who names other addresses stays one.
    for (client, status) in [("203.0.113.8", 200), ("203.0.113.9", 429)] {
        let told = [("x-forwarded-for", client)];
        assert_eq!(ask(&site, "198.51.100.1", "/api/alpha/x", &told).await.status, status);
    }
}

#[tokio::test]
async fn a_changed_limit_counts_at_once() {
    let site = site(off()).await;
    for _ in 0..5 {
        assert_eq!(ask(&site, "192.0.2.1", "/api/alpha/x", &[]).await.status, 200);
    }
    let mut config = site.state.config();
    config.limits.site.address = Some("1/h".parse().unwrap());
    site.state.reconfigure(config).unwrap();
    for status in [200, 429] {
        assert_eq!(ask(&site, "192.0.2.1", "/api/alpha/x", &[]).await.status, status);
    }
}

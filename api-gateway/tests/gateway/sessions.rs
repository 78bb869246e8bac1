//! The services learn whose request it is from the gateway, and from nobody else.

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, Method, StatusCode},
    routing::any,
};
use serde_json::json;

use crate::{Answer, Site, request, serve};

const HEADER: &str = "x-asterism-session";

/// Answers with the sessions that it was told.
async fn told(headers: HeaderMap) -> ([(&'static str, &'static str); 2], String) {
    let told: Vec<_> =
        headers.get_all(HEADER).iter().map(|value| value.to_str().unwrap()).collect();
    ([("set-cookie", "theirs=1"), ("cache-control", "public, max-age=60")], told.join(", "))
}

async fn site() -> Site {
    let upstream = serve(Router::new().fallback(any(told))).await;
    Site::new(&format!("alpha={upstream}")).await.with_a_release().await
}

/// The session cookies that an answer sets, whole.
fn set(answer: &Answer) -> Vec<&str> {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    cookies.filter(|cookie| cookie.starts_with("asterism_session=")).collect()
}

fn id_of(cookie: &str) -> &str {
    cookie.trim_start_matches("asterism_session=").split('.').next().unwrap()
}

#[tokio::test]
async fn a_visitor_is_the_same_to_every_service_and_at_every_gateway() {
    let site = site().await;
    let cookies = site.visitor().await;
    let id = id_of(cookies.split("; ").last().unwrap()).to_owned();
    assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
    for path in ["/api/alpha", "/api/alpha/x?y=1"] {
        let answer = site.get(path, &[("cookie", &cookies)]).await;
        assert_eq!((answer.text(), set(&answer).len()), (&*id, 0));
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
    }
    assert_ne!(site.get("/api/alpha", &[("cookie", &site.visitor().await)]).await.text(), id);
}

#[tokio::test]
async fn nobody_names_their_own_session() {
    let site = site().await;
    let cookies = site.visitor().await;
    let own = site.get("/api/alpha", &[("cookie", &cookies)]).await.text().to_owned();
    let claim = "00112233445566778899aabbccddeeff";
    for headers in [
        vec![("cookie", &*cookies), (HEADER, claim)],
        vec![("cookie", &*cookies), (HEADER, claim), ("X-Asterism-Session", claim)],
        vec![("cookie", &*cookies), (HEADER, claim), ("connection", HEADER)],
    ] {
        assert_eq!(site.get("/api/alpha", &headers).await.text(), own);
    }
    let answer = site.get("/api/alpha", &[(HEADER, claim)]).await;
    assert_ne!(answer.text(), claim);
    assert_eq!(id_of(set(&answer)[0]), answer.text());
}

#[tokio::test]
async fn who_has_no_valid_cookie_gets_a_session_with_the_answer() {
    let site = site().await;
    let good = site.visitor().await;
    let (rest, mac) = good.rsplit_once('.').unwrap();
    let flipped = if mac.starts_with('0') { "1" } else { "0" };
    let mut seen = vec![id_of(good.split("; ").last().unwrap()).to_owned()];
    for cookie in [
        String::new(),
        "asterism_session=x".to_owned(),
        rest.to_owned(),
        format!("{rest}.{flipped}{}", &mac[1..]),
        good.replace("asterism_session=", "asterism_session=00"),
    ] {
        let answer = site.get("/api/alpha", &[("cookie", &cookie)]).await;
        let set = set(&answer);
        assert_eq!(set.len(), 1, "{cookie}");
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
            assert!(set[0].split("; ").any(|part| part == attribute), "{attribute} in {}", set[0]);
        }
        assert!(answer.cookies().contains(&"theirs=1"), "the service's own cookie stays");
        assert_eq!(answer.header("cache-control"), "no-store, private");
        let id = answer.text().to_owned();
        assert_eq!(id_of(set[0]), id);
        assert!(!seen.contains(&id), "another one each time");
        // It is one from then on.
        let pair = set[0].split(';').next().unwrap();
        let again = site.get("/api/alpha", &[("cookie", pair)]).await;
        assert_eq!((again.text(), again.cookies()), (&*id, vec!["theirs=1"]));
        seen.push(id);
    }
}

#[tokio::test]
async fn a_session_of_a_domain_is_no_witness_before_it_opens_a_page() {
    let site = site().await;
    let answer = site.get("/api/alpha", &[]).await;
    let cookie = set(&answer)[0].split(';').next().unwrap();
    assert_eq!(site.report(cookie, "0.1.0", "failed").await.problem().1, "no-session");
    let page = site.get("/", &[("accept", "text/html"), ("cookie", cookie)]).await;
    let [opened] = set(&page)[..] else { panic!("{:?}", page.cookies()) };
    assert_eq!(id_of(opened), id_of(cookie), "the same session");
    let opened = opened.split(';').next().unwrap();
    assert_eq!(site.report(opened, "0.1.0", "failed").await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.report(cookie, "0.1.0", "failed").await.problem().1, "no-session");
    let outcomes = site.get("/registry/v1/outcomes", &[]).await.json();
    assert_eq!(outcomes[0]["sessions"], json!(1));
}

#[tokio::test]
async fn an_answer_that_failed_gives_the_session_too() {
    let hold = |_: Request| std::future::pending::<()>();
    let silent = serve(Router::new().fallback(any(hold))).await;
    let timeouts = api_gateway::Timeouts {
        head: std::time::Duration::from_millis(50),
        ..api_gateway::Timeouts::default()
    };
    let upstreams = format!("silent={silent},down=http://127.0.0.1:1");
    let site = Site::with(&upstreams, timeouts).await;
    for (domain, status) in [("silent", 504), ("down", 502), ("nobody", 404)] {
        let path = format!("/api/{domain}");
        let answer = site.send(request(Method::POST, &path, &[], Body::from("x"))).await;
        assert_eq!((answer.status.as_u16(), set(&answer).len()), (status, 1), "{domain}");
        assert_eq!(answer.header("cache-control"), "no-store, private");
    }
}

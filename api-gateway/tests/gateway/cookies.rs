//! A browser keeps its bucket and its session, at every gateway of the site.

use crate::Site;

const HTML: (&str, &str) = ("accept", "text/html");

#[tokio::test]
async fn a_new_browser_gets_both_and_keeps_them_at_every_gateway() {
    let site = Site::released().await;
    let page = site.get("/", &[HTML]).await;
    let set: Vec<&str> =
        page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let [bucket, session] = &set[..] else { panic!("{set:?}") };
    assert!(
        bucket.starts_with("asterism_bucket=") && bucket.contains("Max-Age=31536000"),
        "{set:?}"
    );
    assert!(
        session.starts_with("asterism_session=") && session.contains("Max-Age=2592000"),
        "{set:?}"
    );
    for cookie in &set {
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.split("; ").any(|part| part == attribute), "{attribute} in {cookie}");
        }
    }
    assert_eq!(page.header("cache-control"), "no-store");
    let cookies = page.cookies().join("; ");
    for gateway in [&site, &site.sibling().await] {
        let again = gateway.get("/", &[HTML, ("cookie", &cookies)]).await;
        assert!(again.cookies().is_empty(), "{:?}", again.cookies());
        assert_eq!(again.told()["bucket"], page.told()["bucket"]);
        // The session was issued by the one and counts at both.
        assert_eq!(gateway.report(&cookies, "0.1.0", "mounted").await.status, 204);
    }
}

#[tokio::test]
async fn what_was_tampered_with_is_replaced() {
    let site = Site::released().await;
    let forged = format!("asterism_session={}.9999999999.1.{}", "00".repeat(16), "00".repeat(32));
    for (given, replaced) in [
        ("asterism_bucket=10000", 2),
        ("asterism_bucket=-1", 2),
        ("asterism_bucket=", 2),
        ("asterism_bucket=77", 1),
        (&*forged, 2),
    ] {
        let page = site.get("/", &[HTML, ("cookie", given)]).await;
        assert_eq!(page.cookies().len(), replaced, "{given}: {:?}", page.cookies());
        assert!(page.told()["bucket"].as_u64().unwrap() < 10_000);
    }
    let page = site.get("/", &[HTML, ("cookie", "asterism_bucket=77")]).await;
    assert_eq!(page.told()["bucket"], 77);
}

#[tokio::test]
async fn only_pages_and_domains_set_cookies() {
    let site = Site::released().await;
    for path in ["/manifest.json", "/remotes/alpha/0.1.0/entry.js", "/registry/v1/remotes", "/x.js"]
    {
        let answer = site.get(path, &[]).await;
        assert!(answer.cookies().is_empty(), "{path}");
    }
}

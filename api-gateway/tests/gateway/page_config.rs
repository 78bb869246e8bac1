//! A page is told its trust root, its bucket and from where it may be overridden; its hints follow the bucket.

use std::fs;

use api_gateway::Config;
use contract::cohort;
use registry::ReleaseRequest;
use serde_json::json;

use crate::{Site, shell};

const HTML: (&str, &str) = ("accept", "text/html");

#[tokio::test]
async fn the_trust_root_is_what_was_deployed_beside_the_shell() {
    let site = Site::released().await;
    assert_eq!(site.get("/", &[HTML]).await.told()["trust"], json!([]));
    let file = site.dir.path().join("shell/trust.json");
    let key = site.key.trusted(vec!["</script><script>alert(1)</script>".to_owned()]);
    fs::write(&file, serde_json::to_vec(&[&key]).unwrap()).unwrap();
    site.state.refresh().await;
    let page = site.get("/", &[HTML]).await;
    assert!(!page.text().contains("alert(1)</script>"), "it left its element");
    assert_eq!(page.told()["trust"], json!([key]));

    // Half written: the last good one stays. Gone with a new build: pages refuse everything.
    fs::write(&file, "[{").unwrap();
    site.state.refresh().await;
    assert_eq!(site.get("/", &[HTML]).await.told()["trust"], json!([key]));
    shell(site.dir.path(), "v2");
    fs::remove_file(&file).unwrap();
    site.state.refresh().await;
    let page = site.get("/", &[HTML]).await;
    assert_eq!((page.status.as_u16(), &page.told()["trust"]), (200, &json!([])));
    assert!(page.text().contains(">v2</script>"));
}

#[tokio::test]
async fn hints_are_for_the_version_that_the_bucket_gets() {
    let site = Site::released().await;
    site.publish("0.2.0").await;
    let (remote, version) = ("alpha".to_owned(), "0.2.0".to_owned());
    let trial = ReleaseRequest { remote, version, percent: Some(30), ..Default::default() };
    site.registry().release(&trial, None).await.unwrap();
    site.state.refresh().await;
    let (mut on_trial, mut others) = (0, 0);
    for bucket in (0..10_000).step_by(500) {
        let cookie = format!("asterism_bucket={bucket}");
        let page = site.get("/alpha", &[HTML, ("cookie", &cookie)]).await;
        assert_eq!(page.told()["bucket"], bucket);
        let (gets, not) = if cohort(bucket, "alpha") < 3000 {
            on_trial += 1;
            ("0.2.0", "0.1.0")
        } else {
            others += 1;
            ("0.1.0", "0.2.0")
        };
        let url = |version: &str| format!("href=\"/remotes/alpha/{version}/remote.json\"");
        assert!(page.text().contains(&url(gets)), "{bucket}");
        assert!(!page.text().contains(&url(not)), "{bucket}");
    }
    assert!(on_trial > 0 && others > 0, "{on_trial} and {others}");
}

#[tokio::test]
async fn overrides_come_from_configured_origins_only() {
    let production = Site::released().await.get("/", &[HTML]).await;
    assert_eq!(production.told()["override_origins"], json!([]));
    let policy = production.header("content-security-policy");
    assert!(!policy.contains("http") && policy.contains("connect-src 'self';"), "{policy}");

    let origins = ["http://localhost:*".to_owned(), "https://dev.example".to_owned()];
    let given = origins.to_vec();
    let change = |config| Config { override_origins: given, ..config };
    let page = Site::configured("", change).await.get("/", &[HTML]).await;
    assert_eq!(page.told()["override_origins"], json!(origins));
    let policy = page.header("content-security-policy");
    for directive in ["script-src", "style-src", "connect-src"] {
        let rule = policy.split("; ").find(|rule| rule.starts_with(directive)).unwrap();
        assert!(rule.ends_with(" http://localhost:* https://dev.example"), "{rule}");
    }
    for directive in ["default-src 'self'", "object-src 'none'", "base-uri 'none'"] {
        assert!(policy.split("; ").any(|rule| rule == directive), "{policy}");
    }
    assert_eq!(page.header("integrity-policy"), "blocked-destinations=(script)");
}

//! Every path of a person is the shell's page, with a policy, a nonce and hints.

use axum::{body::Body, http::Method};

use crate::{Answer, Site, request};

const HTML: [(&str, &str); 1] = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];

fn nonce(page: &Answer) -> &str {
    let (_, rest) = page.text().split_once("nonce=\"").unwrap();
    rest.split_once('"').unwrap().0
}

#[tokio::test]
async fn any_path_of_a_person_is_the_page() {
    let site = Site::released().await;
    for path in ["/", "/alpha", "/alpha/deep/x?q=1", "/unknown", "/v1.0", "/remotely/x"] {
        let page = site.get(path, &HTML).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("cache-control"), "no-store");
    }
    let head = site.send(request(Method::HEAD, "/", &HTML, Body::empty())).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(site.get("/", &[]).await.status, 200, "also for tools that take anything");
}

#[tokio::test]
async fn what_is_no_page_is_404() {
    let site = Site::released().await;
    for (path, accept) in [
        ("/robots.txt", "*/*"),
        ("/missing.js", "*/*"),
        ("/missing.png", "image/avif,image/webp,*/*;q=0.8"),
        ("/page", "application/json"),
        ("/shell/missing.js", "text/html"),
        ("/registry/v2/x", "text/html"),
        ("/remotes/alpha", "text/html"),
        ("/schema", "text/html"),
    ] {
        let answer = site.get(path, &[("accept", accept)]).await;
        assert_eq!(answer.problem(), (404, "no-such-path".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn each_page_has_a_fresh_nonce_that_its_policy_names() {
    let site = Site::released().await;
    let (one, two) = (site.get("/", &HTML).await, site.get("/", &HTML).await);
    assert_eq!(nonce(&one).len(), 24, "128 bit in base64");
    assert_ne!(nonce(&one), nonce(&two));
    assert_eq!(one.text().matches(nonce(&one)).count(), 2, "everywhere");
    assert!(!one.text().contains("__ASTERISM_NONCE__") && !one.text().contains("<!--"));
    let script = format!("script-src 'self' 'nonce-{}' 'wasm-unsafe-eval';", nonce(&one));
    let policy = one.header("content-security-policy");
    assert!(policy.contains(&script), "{policy}");
    assert!(!policy.contains("'unsafe-eval'") && !policy.contains("unsafe-inline"), "{policy}");
    for rule in [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.split("; ").any(|part| part == rule), "{rule} in {policy}");
    }
    for (header, expected) in [
        ("integrity-policy", "blocked-destinations=(script)"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
    ] {
        assert_eq!(one.header(header), expected);
    }
}

#[tokio::test]
async fn the_remote_that_answers_the_path_is_hinted() {
    let site = Site::released().await;
    let manifest = site.get("/manifest.json", &[]).await.json();
    let integrity = |file: &str| {
        manifest["remotes"]["alpha"]["active"]["files"][file]["integrity"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let line = |kind: &str, file: &str, integrity: &str| {
        format!(
            "<link {kind} crossorigin=\"anonymous\" href=\"/remotes/alpha/0.1.0/{file}\"{integrity}>\n"
        )
    };
    let checked =
        |kind: &str, file: &str| line(kind, file, &format!(" integrity=\"{}\"", integrity(file)));
    let always =
        "<link rel=\"preload\" as=\"fetch\" crossorigin=\"anonymous\" href=\"/manifest.json\">\n";
    let expected = [
        always.to_owned(),
        line("rel=\"preload\" as=\"fetch\"", "remote.json", ""),
        checked("rel=\"modulepreload\"", "entry.js"),
        // Browsers ignore integrity here; the entry states it when it fetches.
        line("rel=\"preload\" as=\"fetch\" type=\"application/wasm\"", "alpha_bg.wasm", ""),
        checked("rel=\"preload\" as=\"style\"", "alpha.css"),
    ]
    .concat();
    let page = site.get("/alpha/x?q=1", &HTML).await;
    assert!(page.text().contains(&format!("</script>{expected}<script")), "{}", page.text());
    let other = site.get("/elsewhere", &HTML).await;
    assert!(other.text().contains(&format!("</script>{always}<script")), "{}", other.text());
}

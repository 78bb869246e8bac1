//! TLS over real sockets: HTTP/1.1 and HTTP/2, cookies, and a certificate that changes.

use std::{fs, net::SocketAddr, path::Path, time::Duration};

use api_gateway::{Config, TlsFiles, serve_on};
use axum::http::Version;
use reqwest::{Certificate, Client};
use serde_json::{Value, json};

use crate::{SOON, Site, identity, soon};

/// Writes a certificate for `localhost` that nobody signed but itself; returns it.
pub(crate) fn certify(dir: &Path) -> Certificate {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    // The key first: both are looked at together, and a pair that does not fit is not taken.
    fs::write(dir.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    fs::write(dir.join("certificate.pem"), made.cert.pem()).unwrap();
    Certificate::from_pem(made.cert.pem().as_bytes()).unwrap()
}

pub(crate) fn files(dir: &Path) -> TlsFiles {
    let file = |name| Some(dir.join(name));
    TlsFiles { certificate: file("certificate.pem"), key: file("key.pem") }
}

/// A site that speaks TLS, and a client that believes it.
async fn site() -> (Site, String, Certificate) {
    let site = Site::new("").await;
    let certificate = certify(site.dir.path());
    let config = Config { tls: files(site.dir.path()), ..crate::config(site.dir.path(), "") };
    site.state.reconfigure(config).unwrap();
    let address = listen(&site).await;
    (site, format!("https://localhost:{}", address.port()), certificate)
}

async fn listen(site: &Site) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve_on(listener, site.state.clone(), std::future::pending()));
    address
}

fn client(certificate: &Certificate) -> reqwest::ClientBuilder {
    Client::builder().tls_certs_only([certificate.clone()])
}

#[tokio::test]
async fn who_agrees_on_http_2_and_asks_for_nothing_does_not_hold_a_connection() {
    let (site, url, certificate) = site().await;
    let mut config = Config { tls: files(site.dir.path()), ..crate::config(site.dir.path(), "") };
    config.connections.head = Duration::from_millis(300);
    config.connections.all = 1;
    site.state.reconfigure(config).unwrap();
    let page = format!("{url}/");
    // Its connection stays in its pool, and it answers pings.
    let silent = client(&certificate).build().unwrap();
    assert_eq!(soon(silent.get(&page).send()).await.unwrap().status(), 200);
    let begun = std::time::Instant::now();
    let other = client(&certificate).build().unwrap();
    loop {
        let answered = other.get(&page).send().await.is_ok_and(|answer| answer.status() == 200);
        if answered {
            break;
        }
        assert!(begun.elapsed() < SOON, "the place is never free");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn both_versions_are_spoken_and_only_over_tls() {
    let (_site, url, certificate) = site().await;
    let page = format!("{url}/");
    let http2 = client(&certificate).build().unwrap();
    let answer = soon(http2.get(&page).send()).await.unwrap();
    assert_eq!((answer.version(), answer.status().as_u16()), (Version::HTTP_2, 200));
    let http1 = client(&certificate).http1_only().build().unwrap();
    let answer = soon(http1.get(&page).send()).await.unwrap();
    assert_eq!((answer.version(), answer.status().as_u16()), (Version::HTTP_11, 200));
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2);
    assert!(cookies.iter().all(|cookie| cookie.to_str().unwrap().ends_with("; Secure")));
    let plain = page.replace("https", "http");
    soon(Client::new().get(plain).send()).await.unwrap_err();
}

#[tokio::test]
async fn without_tls_nothing_is_secure_and_http2_is_not_spoken() {
    let site = Site::released().await;
    let url = format!("http://{}/", listen(&site).await);
    let answer = soon(Client::new().get(&url).send()).await.unwrap();
    assert_eq!((answer.version(), answer.status().as_u16()), (Version::HTTP_11, 200));
    assert!(!answer.headers().contains_key("strict-transport-security"));
    let cookies = answer.headers().get_all("set-cookie");
    assert!(cookies.iter().all(|cookie| !cookie.to_str().unwrap().contains("Secure")));
    let prior_knowledge = Client::builder().http2_prior_knowledge().build().unwrap();
    soon(prior_knowledge.get(&url).send()).await.unwrap_err();
}

#[tokio::test]
async fn a_new_certificate_is_taken_and_open_connections_live_on() {
    let (site, url, old) = site().await;
    let page = format!("{url}/manifest.json");
    let before = client(&old).build().unwrap();
    assert_eq!(soon(before.get(&page).send()).await.unwrap().status(), 200);
    // Other bytes of the same length are told apart by their time.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let new = certify(site.dir.path());
    let after = client(&new).build().unwrap();
    let deadline = tokio::time::Instant::now() + SOON;
    loop {
        site.state.refresh().await;
        if after.get(&page).send().await.is_ok() {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "the new certificate is not used");
    }
    soon(client(&old).build().unwrap().get(&page).send()).await.unwrap_err();
    // Its connection was made with the old one.
    assert_eq!(soon(before.get(&page).send()).await.unwrap().status(), 200);

    // A certificate that is none changes nothing.
    fs::write(site.dir.path().join("certificate.pem"), "nonsense").unwrap();
    site.state.refresh().await;
    assert_eq!(soon(client(&new).build().unwrap().get(&page).send()).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_trusted_proxy_says_whether_it_was_https() {
    let site = Site::configured("", |config| Config {
        trusted_proxies: crate::networks(&["127.0.0.1"]),
        ..config
    })
    .await;
    let stranger = Site::new("").await;
    for (site, trusted) in [(&site, true), (&stranger, false)] {
        let url = format!("http://{}/", listen(site).await);
        let told = Client::new().get(&url).header("x-forwarded-proto", "https").send();
        let answer = soon(told).await.unwrap();
        assert_eq!(answer.headers().contains_key("strict-transport-security"), trusted);
        for cookie in answer.headers().get_all("set-cookie") {
            assert_eq!(cookie.to_str().unwrap().ends_with("; Secure"), trusted);
        }
    }
}

#[tokio::test]
async fn over_http2_somebody_signs_in_and_a_service_hears_of_it() {
    let site = identity::site().await;
    identity::add(&site, "anna", &["editor"]);
    let certificate = certify(site.dir.path());
    let config = Config { tls: files(site.dir.path()), ..site.state.config() };
    site.state.reconfigure(config).unwrap();
    let url = format!("https://localhost:{}", listen(&site).await.port());
    let client = client(&certificate).build().unwrap();
    let post = |path: &str| client.post(format!("{url}{path}")).header("origin", &url);
    let credentials = json!({ "name": "anna", "password": identity::PASSWORD });
    let answer = soon(post("/auth/sign-in").json(&credentials).send()).await.unwrap();
    assert_eq!((answer.version(), answer.status().as_u16()), (Version::HTTP_2, 200));
    let set = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let set: Vec<_> = set.collect();
    assert!(set.len() == 3 && set.iter().all(|cookie| cookie.ends_with("; Secure")), "{set:?}");
    // HTTP/2 lets each cookie be a header of its own.
    let cookies = set.iter().map(|cookie| cookie.split(';').next().unwrap());
    let asked = cookies.fold(post("/api/alpha/x"), |asked, cookie| asked.header("cookie", cookie));
    let told: Value = soon(asked.send()).await.unwrap().json().await.unwrap();
    assert_eq!((&told["x-asterism-roles"], &told["cookie"]), (&json!("editor"), &json!("")));
}

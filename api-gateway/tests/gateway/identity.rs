//! Somebody signs in, stays signed in, is told to the services as who they are, and signs out. Nobody else does
//! any of it in their name.

use std::{collections::BTreeSet, path::PathBuf};

use accounts::{Accounts, NewAccount};
use api_gateway::Config;
use audit::verify;
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, Method},
    response::IntoResponse,
    routing::any,
};
use serde_json::{Value, json};

use crate::{Answer, Site, request, serve};

pub(crate) const PASSWORD: &str = "correct horse battery";
const JSON: (&str, &str) = ("content-type", "application/json");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");
const OTHERS: (&str, &str) = ("sec-fetch-site", "cross-site");

/// A site with accounts, before a service that answers with what it was told.
pub(crate) async fn site() -> Site {
    let upstream = serve(Router::new().fallback(any(told))).await;
    let change = |config: Config| Config {
        data_dir: Some(PathBuf::from(&config.registry).with_file_name("data")),
        edge_key: Some("shared".into()),
        ..config
    };
    Site::configured(&format!("alpha={upstream}"), change).await.with_a_release().await
}

async fn told(request: Request) -> impl IntoResponse {
    if request.uri().path().ends_with("/missing") {
        return (axum::http::StatusCode::NOT_FOUND, String::new());
    }
    let told = [
        "x-asterism-account",
        "x-asterism-organisation",
        "x-asterism-roles",
        "x-asterism-private",
        "x-asterism-edge",
        "cookie",
        "authorization",
    ];
    let headers = request.headers();
    let value = |name: &str| {
        let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap());
        values.collect::<Vec<_>>().join("+")
    };
    let told: Value = told.into_iter().map(|name| (name.to_owned(), json!(value(name)))).collect();
    (axum::http::StatusCode::OK, told.to_string())
}

/// Adds an account whose password is [`PASSWORD`].
pub(crate) fn add(site: &Site, name: &str, roles: &[&str]) -> String {
    let roles: BTreeSet<_> = roles.iter().map(|role| role.parse().unwrap()).collect();
    let password = Some(PASSWORD.to_owned());
    let new = NewAccount { name: name.to_owned(), password, roles, ..NewAccount::default() };
    accounts(site).add(&new, 1).unwrap().id
}

fn accounts(site: &Site) -> Accounts {
    Accounts::open(&site.dir.path().join("data")).unwrap()
}

async fn post(site: &Site, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
    site.send(request(Method::POST, path, headers, Body::from(body))).await
}

pub(crate) async fn sign_in(site: &Site, name: &str, password: &str) -> Answer {
    let body = json!({ "name": name, "password": password }).to_string();
    post(site, "/auth/sign-in", &[JSON, OURS], body).await
}

/// Signs in and returns the cookies as a browser sends them.
pub(crate) async fn cookies(site: &Site, name: &str) -> String {
    let answer = sign_in(site, name, PASSWORD).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.cookies().join("; ")
}

fn part(cookies: &str, name: &str) -> String {
    cookies.split("; ").find(|cookie| cookie.starts_with(name)).unwrap().to_owned()
}

async fn asked(site: &Site, headers: &[(&str, &str)]) -> Value {
    site.get("/api/alpha/x", headers).await.json()
}

#[tokio::test]
async fn who_signed_in_is_told_to_services_and_no_token_of_theirs_is() {
    let site = site().await;
    let id = add(&site, "anna", &["editor", "analyst"]);
    let answer = sign_in(&site, "Anna", PASSWORD).await;
    let entrance = answer.json();
    assert_eq!((&entrance["sub"], &entrance["name"]), (&json!(id), &json!("anna")));
    assert_eq!(answer.header("cache-control"), "no-store");
    let set: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(set.len(), 3);
    for cookie in &set[..2] {
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    }
    assert!(set[2].starts_with("asterism_signed_in=anna;") && !set[2].contains("HttpOnly"));
    let cookies = [answer.cookies().join("; "), "theirs=1".to_owned()].join("; ");
    let told = asked(&site, &[("cookie", &cookies)]).await;
    assert_eq!(told["x-asterism-account"], json!(id));
    assert_eq!(told["x-asterism-roles"], "editor,analyst");
    assert_eq!(told["x-asterism-edge"], "shared");
    assert_eq!(told["cookie"], "theirs=1");
    let bearer = format!("Bearer {}", entrance["access_token"].as_str().unwrap());
    let told = asked(&site, &[("authorization", &bearer)]).await;
    assert_eq!((&told["x-asterism-account"], &told["authorization"]), (&json!(id), &json!("")));
    let me = site.get("/auth/me", &[("cookie", &cookies)]).await.json();
    assert_eq!(me["roles"], json!(["editor", "analyst"]));
}

#[tokio::test]
async fn services_are_told_what_the_policies_say_about_private_things() {
    let site = site().await;
    let new = NewAccount {
        name: "anna".to_owned(),
        password: Some(PASSWORD.to_owned()),
        organisation: "Büro, Nord".to_owned(),
        ..NewAccount::default()
    };
    accounts(&site).add(&new, 1).unwrap();
    add(&site, "bob", &["admin"]);
    let told = async |name: &str| {
        let cookies = cookies(&site, name).await;
        let forged = [("cookie", &*cookies), ("x-asterism-private", "other-change")];
        let told = asked(&site, &forged).await;
        [told["x-asterism-organisation"].clone(), told["x-asterism-private"].clone()]
    };
    assert_eq!(
        told("anna").await,
        [json!("B%C3%BCro%2C%20Nord"), json!("own-read,own-change,organisation-read")]
    );
    assert_eq!(told("bob").await, [json!(""), json!("own-read,own-change")]);
    let forged = [("x-asterism-private", "other-read"), ("x-asterism-organisation", "x")];
    let nobody = asked(&site, &forged).await;
    assert_eq!(
        (&nobody["x-asterism-private"], &nobody["x-asterism-organisation"]),
        (&json!(""), &json!(""))
    );
}

#[tokio::test]
async fn nobody_says_who_they_are_themselves() {
    let site = site().await;
    add(&site, "anna", &["editor"]);
    let claims = [
        ("x-asterism-account", "a1"),
        ("x-asterism-roles", "admin"),
        ("x-asterism-edge", "shared"),
        ("X-Asterism-Roles", "editor"),
    ];
    let nobody = json!(["", "", ""]);
    let three = |told: &Value| {
        json!([told["x-asterism-account"], told["x-asterism-roles"], told["x-asterism-edge"]])
    };
    assert_eq!(three(&asked(&site, &claims).await), nobody);
    for bad in ["asterism_access=x", "asterism_access=a.b.c", "asterism_refresh=a.b"] {
        assert_eq!(three(&asked(&site, &[("cookie", bad)]).await), nobody, "{bad}");
    }
    // A service's own key passes as it is.
    let told = asked(&site, &[("authorization", "Bearer a-key")]).await;
    assert_eq!((three(&told), &told["authorization"]), (nobody.clone(), &json!("Bearer a-key")));
    // What somebody's browser sends for another site's page is not what they want.
    let cookies = cookies(&site, "anna").await;
    let post = |site_header| {
        let headers = [("cookie", &*cookies), site_header];
        site.send(request(Method::POST, "/api/alpha/x", &headers, Body::empty()))
    };
    let refused = (403, "cross-site".to_owned());
    assert_eq!(post(OTHERS).await.problem(), refused);
    assert_eq!(post(OURS).await.json()["x-asterism-roles"], "editor");
    let headers = [("cookie", &*cookies), ("origin", "http://evil.example"), ("host", "x.example")];
    let from_elsewhere =
        || site.send(request(Method::POST, "/api/alpha/x", &headers, Body::empty()));
    assert_eq!(from_elsewhere().await.problem(), refused);
    // A page that may write for the session does not so in somebody's name.
    let cors_origins = vec!["http://evil.example".to_owned()];
    site.state.reconfigure(Config { cors_origins, ..site.state.config() }).unwrap();
    assert_eq!(three(&from_elsewhere().await.json()), nobody);
}

#[tokio::test]
async fn who_signed_in_stays_so_by_a_token_that_is_used_once() {
    let site = site().await;
    add(&site, "anna", &["editor"]);
    let first = part(&cookies(&site, "anna").await, "asterism_refresh");
    // Also with an answer that is a failure, and beside what a sibling's page planted.
    let planted = format!("asterism_refresh=planted; {first}");
    let answer = site.get("/api/alpha/missing", &[("cookie", &planted)]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (404, "no-store, private")
    );
    let second = answer.cookies().join("; ");
    assert!(
        second.contains("asterism_access=") && second.contains("asterism_refresh="),
        "{second}"
    );
    let refused =
        site.get("/api/nobody/x", &[("cookie", &part(&second, "asterism_refresh"))]).await;
    assert_eq!(refused.problem().0, 404);
    let third = refused.cookies().join("; ");
    let third = part(&third, "asterism_refresh");
    let headers = [("cookie", &*third), OURS];
    let renewed = post(&site, "/auth/refresh", &headers, String::new()).await;
    assert_eq!(renewed.json()["name"], "anna");
    let newest = part(&renewed.cookies().join("; "), "asterism_refresh");
    // A thief's copy of the first, and then the owner's newest.
    let stolen = site.get("/auth/me", &[("cookie", &first)]).await;
    assert_eq!(stolen.problem(), (401, "not-signed-in".to_owned()));
    assert!(stolen.cookies().contains(&"asterism_refresh="), "{:?}", stolen.cookies());
    assert_eq!(site.get("/auth/me", &[("cookie", &newest)]).await.problem().0, 401);
    let log = std::fs::read(site.dir.path().join("data").join(audit::FILE)).unwrap();
    let entries = verify(&log, &[]).unwrap();
    let told: Vec<_> = entries.iter().rev().take(2).map(|entry| &*entry.what).collect();
    assert_eq!(told, ["token-reused", "sign-in"]);
}

#[tokio::test]
async fn wrong_names_and_passwords_get_one_answer_and_few_tries() {
    let site = site().await;
    add(&site, "anna", &[]);
    let wrong = sign_in(&site, "anna", "something else").await;
    let unknown = sign_in(&site, "nobody", PASSWORD).await;
    assert_eq!(wrong.problem(), (401, "wrong-credentials".to_owned()));
    let text = |answer: &Answer| answer.json()["detail"].clone();
    assert_eq!((text(&wrong), wrong.status), (text(&unknown), unknown.status));
    accounts(&site).set_disabled("anna", true).unwrap();
    assert_eq!(text(&sign_in(&site, "anna", PASSWORD).await), text(&unknown));
    accounts(&site).set_disabled("anna", false).unwrap();
    let mut last = sign_in(&site, "ANNA", "x").await;
    for _ in 0..3 {
        last = sign_in(&site, "anna", "x").await;
    }
    assert_eq!(last.problem(), (429, "too-many-tries".to_owned()));
    assert!(last.header("retry-after").parse::<u64>().unwrap() > 0);
    assert_eq!(sign_in(&site, "anna", PASSWORD).await.status, 429, "also with the right one");
    let missing = post(&site, "/auth/sign-in", &[JSON], "{}".to_owned()).await;
    assert_eq!(missing.problem().0, 422);
}

#[tokio::test]
async fn whether_addresses_are_counted_is_taken_over_while_serving() {
    let site = site().await;
    let gateway = site.listen().await;
    let client = reqwest::Client::new();
    let tried = async |name: &str| {
        let body = json!({ "name": name, "password": "wrong" }).to_string();
        let request = client.post(format!("{gateway}/auth/sign-in"));
        let answer = request.header("content-type", "application/json").body(body).send().await;
        answer.unwrap().status().as_u16()
    };
    // Most are refused for the name, at once, and count for the address all the same.
    let many = async || {
        for _ in 0..25 {
            tried("somebody").await;
        }
    };
    many().await;
    assert_eq!(tried("one").await, 401, "behind a proxy");
    let counted = Config { sessions_per_address: 5, ..site.state.config() };
    site.state.reconfigure(counted).unwrap();
    many().await;
    assert_eq!(tried("two").await, 429);
}

#[tokio::test]
async fn signing_out_ends_it_and_other_sites_cannot_sign_anybody_in_or_out() {
    let site = site().await;
    add(&site, "anna", &[]);
    let body = json!({ "name": "anna", "password": PASSWORD }).to_string();
    let forged = post(&site, "/auth/sign-in", &[JSON, OTHERS], body).await;
    assert_eq!(forged.problem(), (403, "cross-site".to_owned()));
    let cookies = cookies(&site, "anna").await;
    for path in ["/auth/sign-out", "/sign-out"] {
        let forged = post(&site, path, &[("cookie", &*cookies), OTHERS], String::new()).await;
        assert_eq!(forged.problem().0, 403, "{path}");
    }
    let out = post(&site, "/auth/sign-out", &[("cookie", &*cookies), OURS], String::new()).await;
    assert_eq!(out.status, 204);
    assert_eq!(out.cookies(), ["asterism_access=", "asterism_refresh=", "asterism_signed_in="]);
    let refresh = part(&cookies, "asterism_refresh");
    assert_eq!(site.get("/auth/me", &[("cookie", &refresh)]).await.problem().0, 401);
}

#[tokio::test]
async fn the_page_works_without_script() {
    let site = site().await;
    add(&site, "anna", &["editor"]);
    let form = site.get("/sign-in?next=/ask", &[]).await;
    assert!(form.text().contains(r#"name="next" value="/ask""#), "{}", form.text());
    let policy = form.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("form-action 'self'"));
    let filled = |password: &str, next: &str| format!("name=anna&password={password}&next={next}");
    let wrong = post(&site, "/sign-in", &[FORM, OURS], filled("wrong", "/ask")).await;
    assert_eq!(wrong.status, 401);
    assert!(
        wrong.text().contains("do not belong together") && wrong.text().contains("value=\"anna\"")
    );
    let forged = post(&site, "/sign-in", &[FORM, OTHERS], filled("x", "/")).await;
    assert_eq!(forged.problem().0, 403);
    let right = PASSWORD.replace(' ', "+");
    for (next, location) in [("/ask", "/ask"), ("https://evil.example", "/")] {
        let answer = post(&site, "/sign-in", &[FORM, OURS], filled(&right, next)).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, location));
        let cookies = answer.cookies().join("; ");
        let page = site.get("/sign-in", &[("cookie", &cookies)]).await;
        assert!(page.text().contains("<strong>anna</strong>"), "{}", page.text());
        let out = post(&site, "/sign-out", &[("cookie", &*cookies), OURS], String::new()).await;
        assert_eq!((out.status.as_u16(), out.header("location")), (303, "/"));
    }
}

#[tokio::test]
async fn a_publisher_releases_their_remote_and_no_other_and_the_history_says_who() {
    let site = site().await;
    let id = add(&site, "anna", &["publisher:alpha"]);
    add(&site, "bob", &["publisher:beta", "editor"]);
    site.publish("0.2.0").await;
    let body = json!({ "remote": "alpha", "version": "0.2.0", "reason": "" }).to_string();
    let release = async |name: &str, from| {
        let cookies = cookies(&site, name).await;
        let headers = [JSON, ("cookie", &*cookies), from];
        post(&site, "/registry/v1/releases", &headers, body.clone()).await
    };
    assert_eq!(release("bob", OURS).await.problem(), (403, "out-of-scope".to_owned()));
    assert_eq!(release("anna", OTHERS).await.problem(), (403, "cross-site".to_owned()));
    let made = release("anna", OURS).await;
    assert_eq!(made.json()["who"], format!("anna (account {id})"));
}

#[tokio::test]
async fn a_site_without_accounts_says_so_and_tells_services_nothing() {
    let upstream = serve(Router::new().fallback(any(told))).await;
    let site = Site::new(&format!("alpha={upstream}")).await.with_a_release().await;
    assert_eq!(sign_in(&site, "anna", PASSWORD).await.problem(), (404, "no-accounts".to_owned()));
    assert_eq!(site.get("/sign-in", &[]).await.status, 404);
    assert_eq!(site.get("/auth/me", &[]).await.problem().0, 401);
    let headers = [("x-asterism-roles", "admin"), ("cookie", "a=1; b=2")];
    let told = asked(&site, &headers).await;
    assert_eq!((&told["x-asterism-roles"], &told["cookie"]), (&json!(""), &json!("a=1; b=2")));
    let map: HeaderMap = site.get("/", &[("accept", "text/html")]).await.headers;
    assert!(map.get_all("set-cookie").iter().all(|c| !c.to_str().unwrap().contains("asterism_a")));
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_each_code_is_taken_once() {
    let site = site().await;
    add(&site, "anna", &[]);
    let secret = accounts(&site).enrol("anna").unwrap().secret;
    let secret = totp_rs::Secret::Encoded(secret).to_bytes().unwrap();
    let phone = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, secret).unwrap();
    let with = async |code: &str| {
        let body = json!({ "name": "anna", "password": PASSWORD, "code": code }).to_string();
        post(&site, "/auth/sign-in", &[JSON, OURS], body).await
    };
    let answer = sign_in(&site, "anna", PASSWORD).await;
    assert_eq!(answer.problem(), (401, "code-required".to_owned()));
    assert!(answer.cookies().is_empty());
    let code = phone.generate_current().unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(with(wrong).await.problem().1, "wrong-credentials");
    assert_eq!(with(&code).await.status, 200);
    assert_eq!(with(&code).await.problem().1, "wrong-credentials", "used");
}

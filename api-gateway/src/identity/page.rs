//! `/sign-in`: the page for people. It works without script, and costs visitors nothing.
//!
//! Not here: registering and forgotten passwords; operators add accounts.

use axum::{
    Form,
    extract::{Query, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use service_kit::ApiError;

use super::{
    SignedIn, Who,
    access::Person,
    routes::sign_in::{Credentials, from_ours},
};
use crate::{AppState, beacons, layers::client_address, shell::escape};

const TEMPLATE: &str = include_str!("page/page.html");
const FORM: &str = include_str!("page/form.html");
const SIGNED_IN: &str = include_str!("page/signed_in.html");
const NO_ACCOUNTS: &str = include_str!("page/no_accounts.html");
const TOKENS: &str = include_str!("../../../shared-ui/tokens.css");
const STYLE: &str = include_str!("page/page.css");

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Filled {
    name: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// Shows the form, or who is signed in.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(Next { next }): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if !state.identity.is_there() {
        return page(StatusCode::NOT_FOUND, "No accounts", NO_ACCOUNTS, Vec::new());
    }
    let Who { person, cookies, .. } =
        state.identity.who(&Method::GET, &headers, beacons::now()).await;
    match person {
        Some(person) => page(StatusCode::OK, "Signed in", &signed_in(&person), cookies),
        None => page(StatusCode::OK, "Sign in", &form("", &next, ""), cookies),
    }
}

/// Signs in who filled the form in.
pub(crate) async fn submit(
    State(state): State<AppState>,
    extensions: Extensions,
    headers: HeaderMap,
    Form(Filled { name, password, code, next }): Form<Filled>,
) -> Result<Response, ApiError> {
    from_ours(&headers)?;
    let typed = Credentials { name: name.clone(), password, code: Some(code) };
    match state.identity.sign_in(client_address(&extensions), typed, beacons::now()).await {
        Ok(SignedIn { cookies, .. }) => {
            Ok((AppendHeaders(cookies), Redirect::to(local(&next))).into_response())
        }
        Err(error) if error.status.is_server_error() && error.source.is_some() => Err(error),
        Err(error) => {
            let mut response =
                page(error.status, "Sign in", &form(&name, &next, &error.detail), Vec::new())?;
            response.headers_mut().extend(error.headers);
            Ok(response)
        }
    }
}

/// Signs out, and goes to the start page.
pub(crate) async fn leave(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    from_ours(&headers)?;
    let cookies = state.identity.sign_out(&headers).await?;
    Ok((AppendHeaders(cookies), Redirect::to("/")).into_response())
}

fn form(name: &str, next: &str, problem: &str) -> String {
    let problem = match problem {
        "" => String::new(),
        problem => format!(r#"<p class="problem" role="alert">{}</p>"#, escape(problem)),
    };
    // What a person typed is last: it may look like a place to fill in.
    FORM.replace("__PROBLEM__", &problem)
        .replace("__NEXT__", &escape(local(next)))
        .replace("__NAME__", &escape(name))
}

fn signed_in(Person { name, organisation, roles, .. }: &Person) -> String {
    let roles = if roles.is_empty() { "visitor".to_owned() } else { roles.join(", ") };
    let of = match organisation.as_str() {
        "" => String::new(),
        organisation => format!(" of {}", escape(organisation)),
    };
    SIGNED_IN
        .replace("__ROLES__", &escape(&roles))
        .replace("__OF__", &of)
        .replace("__NAME__", &escape(name))
}

fn page(
    status: StatusCode,
    title: &str,
    body: &str,
    cookies: Vec<(HeaderName, HeaderValue)>,
) -> Result<Response, ApiError> {
    plain(status, title, "", body, cookies)
}

/// Returns a page that the gateway makes itself: the site's frame and colours, and a `style` of its own.
pub(crate) fn plain(
    status: StatusCode,
    title: &str,
    style: &str,
    body: &str,
    cookies: Vec<(HeaderName, HeaderValue)>,
) -> Result<Response, ApiError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(ApiError::internal)?;
    let nonce = STANDARD.encode(random);
    let html = TEMPLATE
        .replace("__NONCE__", &nonce)
        .replace("__STYLE__", &[TOKENS, STYLE, style].concat())
        .replace("__TITLE__", title)
        .replace("__BODY__", body);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin".to_owned()),
        // The address may name the page that somebody came from.
        (header::REFERRER_POLICY, "same-origin".to_owned()),
    ];
    Ok((status, headers, AppendHeaders(cookies), html).into_response())
}

/// Returns a path of this site, `/` for everything that could lead elsewhere.
fn local(next: &str) -> &str {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let path = next.starts_with('/') && !next.starts_with("//");
    if plain && path { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::{form, local};

    #[test]
    fn signing_in_leads_to_a_path_of_this_site() {
        for good in ["/", "/ask?q=1#x", "/story/%20"] {
            assert_eq!(local(good), good);
        }
        for bad in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/\nx", "x"] {
            assert_eq!(local(bad), "/", "{bad}");
        }
    }

    #[test]
    fn what_somebody_typed_cannot_leave_its_field() {
        let html = form("\"><script>", "/\"><script>", "<b>");
        assert!(!html.contains("<script>") && !html.contains("<b>"), "{html}");
        assert!(form("__NEXT__", "/x", "").contains(r#"value="__NEXT__""#));
    }
}

//! `/sign-in`: the page for people. It works without script, and costs visitors nothing.
//!
//! It has a form for passwords, a button for the provider, or both, as the site is configured.
//!
//! Not here: registering and forgotten passwords; operators add accounts.

use axum::{
    Form,
    extract::{Query, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use service_kit::ApiError;
use url::form_urlencoded::byte_serialize;

use super::{
    SignedIn, Who,
    access::Person,
    oidc::{Oidc, Refusal},
    routes::sign_in::{Credentials, counted, from_ours, passwords},
};
use crate::{AppState, beacons, frame, shell::escape};

const FORM: &str = include_str!("page/form.html");
const PASSWORD: &str = include_str!("page/password.html");
const PROVIDER: &str = include_str!("page/provider.html");
const OR: &str = r#"<p class="or">or with a password</p>"#;
const SIGNED_IN: &str = include_str!("page/signed_in.html");
const ONWARDS: &str = include_str!("page/onwards.html");
const NO_ACCOUNTS: &str = include_str!("page/no_accounts.html");
const STYLE: &str = include_str!("page/page.css");

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    pub(super) next: String,
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
        None => page(StatusCode::OK, "Sign in", &form(&Ways::of(&state), "", &next, ""), cookies),
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
    let signed_in = match passwords(&state) {
        Ok(()) => state.identity.sign_in(counted(&state, &extensions), typed, beacons::now()).await,
        Err(error) => Err(error),
    };
    match signed_in {
        Ok(SignedIn { cookies, .. }) => {
            Ok((AppendHeaders(cookies), Redirect::to(local(&next))).into_response())
        }
        Err(error) if error.status.is_server_error() && error.source.is_some() => Err(error),
        Err(error) => {
            let body = form(&Ways::of(&state), &name, &next, &error.detail);
            let mut response = page(error.status, "Sign in", &body, Vec::new())?;
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

/// Shows why somebody was not let in by the provider, and the ways to try again.
pub(super) fn refused(
    state: &AppState,
    refusal: &Refusal,
    next: &str,
    cookies: Vec<(HeaderName, HeaderValue)>,
) -> Result<Response, ApiError> {
    let provider = state.oidc.as_ref().map_or("", Oidc::name);
    let cause = service_kit::chain(refusal);
    if refusal.is_fault() {
        tracing::error!(cause, provider, "a sign-in failed");
    } else {
        tracing::info!(cause, provider, "a sign-in was refused");
    }
    metrics::counter!("sign_ins_refused_total").increment(1);
    let (status, problem) = refusal.told(provider);
    page(status, "Sign in", &form(&Ways::of(state), "", next, &problem), cookies)
}

/// Leads somebody on who came back from the provider. A redirect would still be part of the way from there, for
/// which browsers send none of the cookies that it sets (`SameSite=Strict`); a page's own step is not.
pub(super) fn onwards(
    next: &str,
    cookies: Vec<(HeaderName, HeaderValue)>,
) -> Result<Response, ApiError> {
    let next = local(next);
    let mut response =
        page(StatusCode::OK, "Signed in", &ONWARDS.replace("__NEXT__", &escape(next)), cookies)?;
    let step = HeaderValue::try_from(format!("0;url={next}")).map_err(ApiError::internal)?;
    response.headers_mut().insert(header::REFRESH, step);
    Ok(response)
}

/// How people sign in here.
struct Ways<'a> {
    passwords: bool,
    provider: Option<&'a str>,
}

impl<'a> Ways<'a> {
    fn of(state: &'a AppState) -> Self {
        let passwords = state.current().config.passwords;
        Self { passwords, provider: state.oidc.as_ref().map(Oidc::name) }
    }
}

fn form(ways: &Ways<'_>, name: &str, next: &str, problem: &str) -> String {
    let provider = ways.provider.map(|provider| {
        let query: String = byte_serialize(local(next).as_bytes()).collect();
        PROVIDER.replace("__NEXT__", &query).replace("__PROVIDER__", &escape(provider))
    });
    let or = if ways.passwords && ways.provider.is_some() { OR } else { "" };
    let password = if ways.passwords { PASSWORD } else { "" };
    let problem = match problem {
        "" => String::new(),
        problem => format!(r#"<p class="problem" role="alert">{}</p>"#, escape(problem)),
    };
    // What a person typed is last: it may look like a place to fill in.
    let form = FORM.replace("__WAYS__", &[&provider.unwrap_or_default(), or, password].concat());
    form.replace("__PROBLEM__", &problem)
        .replace("__NEXT__", &escape(local(next)))
        .replace("__NAME__", &escape(name))
}

fn signed_in(Person { name, organisation, roles, .. }: &Person) -> String {
    let roles = accounts::roles_text(roles);
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
    frame::page(status, title, STYLE, body, cookies)
}

/// Returns a path of this site, `/` for everything that could lead elsewhere.
pub(super) fn local(next: &str) -> &str {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let path = next.starts_with('/') && !next.starts_with("//");
    if plain && path { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::{Ways, form, local};

    const BOTH: Ways<'_> = Ways { passwords: true, provider: Some("<Studio> ID") };

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
        let html = form(&BOTH, "\"><script>", "/\"><script>", "<b>");
        assert!(!html.contains("<script>") && !html.contains("<b>"), "{html}");
        assert!(!html.contains("<Studio>") && html.contains("&lt;Studio&gt; ID"), "{html}");
        assert!(form(&BOTH, "__NEXT__", "/x", "").contains(r#"value="__NEXT__""#));
    }

    #[test]
    fn the_page_offers_the_ways_that_there_are() {
        let offers = |passwords, provider| {
            let html = form(&Ways { passwords, provider }, "", "/ask?q=1", "");
            let (button, field) = ("/auth/oidc/start?next=%2Fask%3Fq%3D1", "type=\"password\"");
            assert!(!html.contains("__"), "{html}");
            [html.contains(button), html.contains("or with"), html.contains(field)]
        };
        assert_eq!(offers(true, None), [false, false, true]);
        assert_eq!(offers(true, Some("x")), [true, true, true]);
        assert_eq!(offers(false, Some("x")), [true, false, false]);
    }
}

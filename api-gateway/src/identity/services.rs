//! What the domains' services are told about who asks.
//!
//! Three headers, which nobody else can set: `x-asterism-account`, `x-asterism-roles`, and the key by which a
//! service knows that a gateway says it (`x-asterism-edge`). A session's id is believed for where it comes from;
//! a role lets somebody change things, so here a secret is needed that gateways and services share, and without
//! one (`ASTERISM_EDGE_KEY`) services are told nothing. Policies decide which of their roles somebody is there.
//! Tokens stay here.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use service_kit::{ACCOUNT, EDGE, Next, ROLES, bearer};

use super::{Who, access::Person, cookies};
use crate::{
    AppState, beacons,
    policy::{Act, Subject},
    proxy::UNSHARED,
};

/// Tells the service who asks, and the caller what renews that.
pub(crate) async fn told(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let now = beacons::now();
    let Who { person, cookies, .. } =
        state.identity.who(request.method(), request.headers(), now).await;
    tell(request.headers_mut(), &state, person.as_ref());
    let mut response = next.run(request).await;
    if !cookies.is_empty() {
        set(response.headers_mut(), cookies);
    }
    response
}

fn set(headers: &mut HeaderMap, cookies: Vec<(HeaderName, HeaderValue)>) {
    for (name, value) in cookies {
        headers.append(name, value);
    }
    // A shared cache that kept it would give one person's account to all.
    headers.insert(header::CACHE_CONTROL, UNSHARED);
}

fn tell(headers: &mut HeaderMap, state: &AppState, person: Option<&Person>) {
    for name in [ACCOUNT, ROLES, EDGE] {
        headers.remove(name);
    }
    if !state.identity.is_there() {
        return;
    }
    cookies::take_tokens(headers);
    let Some(person) = person else { return };
    // The token that named somebody. What is none of ours is a service's own.
    if bearer(headers).is_some() {
        headers.remove(header::AUTHORIZATION);
    }
    let assumes =
        |role: &&String| state.policies.may(Subject::Person(person), Act::Assume(role.as_str()));
    let roles: Vec<&str> = person.roles.iter().filter(assumes).map(String::as_str).collect();
    let account = HeaderValue::try_from(&person.account).ok();
    let roles = HeaderValue::try_from(roles.join(",")).ok();
    if let (Some(key), Some(account), Some(roles)) = (&state.edge_key, account, roles) {
        let told = [(EDGE, key.clone()), (ACCOUNT, account), (ROLES, roles)];
        headers.extend(told.map(|(name, value)| (HeaderName::from_static(name), value)));
    }
}

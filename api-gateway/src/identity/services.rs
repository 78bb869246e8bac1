//! What the domains' services are told about who asks.
//!
//! Headers that nobody else can set: `x-asterism-account`, `x-asterism-organisation`, `x-asterism-roles`, what they
//! may do with private things (`x-asterism-private`), and the key by which a service knows that a gateway says it
//! (`x-asterism-edge`). A session's id is believed for where it comes from;
//! a role lets somebody change things, so here a secret is needed that gateways and services share, and without
//! one (`ASTERISM_EDGE_KEY`) services are told nothing. Policies decide which of their roles somebody is there,
//! and what of private things; they do not change while a gateway runs, so they are asked once for each person who
//! has the same roles and organisation, and not at each request.
//! Tokens stay here.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use moka::sync::Cache;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use service_kit::{
    ACCOUNT, Deed, EDGE, Next, ORGANISATION, PRIVATE, ROLES, Whose, bearer, grant, is_told,
};

use super::{Who, access::Person, cookies};
use crate::{
    AppState, beacons,
    policy::{Act, Policies, Subject},
    proxy::{self, UNSHARED},
};

/// Of how many people it is kept what services are told.
const KEPT: u64 = 10_000;

/// What services are told of somebody.
type Introduction = Option<Vec<(HeaderName, HeaderValue)>>;

/// What services are told of people, as the policies have it.
#[derive(Debug)]
pub(crate) struct Introductions(Cache<Person, Arc<Introduction>>);

impl Default for Introductions {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl Introductions {
    fn of(&self, person: &Person, policies: &Policies) -> Arc<Introduction> {
        self.0.get_with_by_ref(person, || Arc::new(introduction(person, policies)))
    }
}

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
    proxy::headers::remove(headers, is_told);
    // Also where there are no accounts: another gateway of the site may have some.
    cookies::take_tokens(headers);
    let Some(person) = person else { return };
    // The token that named somebody. What is none of ours is a service's own.
    if bearer(headers).is_some() {
        headers.remove(header::AUTHORIZATION);
    }
    let Some(key) = &state.edge_key else { return };
    if let Some(told) = &*state.introductions.of(person, &state.policies) {
        headers.insert(EDGE, key.clone());
        headers.extend(told.iter().cloned());
    }
}

/// Returns what services are told of somebody, `None` when no header can have it.
fn introduction(person: &Person, policies: &Policies) -> Introduction {
    let assumes =
        |role: &&String| policies.may(Subject::Person(person), Act::Assume(role.as_str()));
    let roles: Vec<&str> = person.roles.iter().filter(assumes).map(String::as_str).collect();
    let organisation = utf8_percent_encode(&person.organisation, NON_ALPHANUMERIC).to_string();
    let told = [
        (ACCOUNT, person.account.clone()),
        (ORGANISATION, organisation),
        (ROLES, roles.join(",")),
        (PRIVATE, private(person, policies)),
    ];
    let value = |(name, text): (&'static str, String)| {
        Some((HeaderName::from_static(name), HeaderValue::try_from(text).ok()?))
    };
    told.into_iter().map(value).collect()
}

/// Returns what somebody may do with what is private, as services read it.
fn private(person: &Person, policies: &Policies) -> String {
    let all = Whose::ALL.into_iter().flat_map(|whose| Deed::ALL.map(|deed| (whose, deed)));
    let granted = |(whose, deed): &(Whose, Deed)| {
        policies.may(Subject::Person(person), Act::Private(*deed, *whose))
    };
    let grants: Vec<_> = all.filter(granted).map(|(whose, deed)| grant(whose, deed)).collect();
    grants.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_other_roles_or_belongs_to_others_is_introduced_anew() {
        let (introductions, policies) = (Introductions::default(), Policies::open(None).unwrap());
        let person = |account: &str, organisation: &str, roles: &[&str]| Person {
            account: account.to_owned(),
            name: "anna".to_owned(),
            organisation: organisation.to_owned(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        };
        let anna = person("a1", "x", &["editor"]);
        let told = introductions.of(&anna, &policies);
        assert!(Arc::ptr_eq(&told, &introductions.of(&anna, &policies)), "asked once");
        for other in
            [person("a1", "x", &[]), person("a1", "y", &["editor"]), person("a2", "x", &["editor"])]
        {
            let told = introductions.of(&other, &policies);
            assert_eq!(*told, introduction(&other, &policies));
            assert_ne!(*told, introduction(&anna, &policies));
        }
    }
}

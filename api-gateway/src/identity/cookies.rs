//! The cookies of somebody who signed in.
//!
//! Two that no script sees: the access token, and the refresh token that gets the next one. Browsers send them
//! with requests of our own pages only (`SameSite=Strict`). The third is for the page to read: the name of who is
//! signed in. Nobody is believed for it.
//!
//! Not here: `Secure`, which `layers` adds to every cookie that goes over https.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use cookie::{Cookie, SameSite, time::Duration};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::access::LIFETIME;
pub(super) use crate::cookies::values;

pub(crate) const ACCESS: &str = "asterism_access";
pub(crate) const REFRESH: &str = "asterism_refresh";
const NAME: &str = "asterism_signed_in";
/// As long as the store keeps a family that nobody uses, in days.
const DAYS: i64 = 30;

/// Returns the cookies for who is signed in.
pub(super) fn signed_in(name: &str, access: &str, refresh: &str) -> Vec<(HeaderName, HeaderValue)> {
    let soon = Duration::seconds(LIFETIME.try_into().unwrap_or(0));
    let name: String = utf8_percent_encode(name, NON_ALPHANUMERIC).collect();
    let (refresh, name) = ((REFRESH, refresh), (NAME, &*name));
    let long = [refresh, name].map(|(name, value)| set(name, value, Duration::days(DAYS)));
    [set(ACCESS, access, soon)].into_iter().chain(long).flatten().collect()
}

/// Returns the cookies that make a browser forget.
pub(super) fn signed_out() -> Vec<(HeaderName, HeaderValue)> {
    [ACCESS, REFRESH, NAME].into_iter().filter_map(|name| set(name, "", Duration::ZERO)).collect()
}

fn set(name: &'static str, value: &str, age: Duration) -> Option<(HeaderName, HeaderValue)> {
    let same_site = if name == NAME { SameSite::Lax } else { SameSite::Strict };
    let cookie = Cookie::build((name, value)).path("/").same_site(same_site);
    crate::cookies::set(cookie.http_only(name != NAME).max_age(age))
}

/// Takes what only the gateway may know out of a request.
pub(crate) fn take_tokens(request: &mut HeaderMap) {
    crate::cookies::remove(request, &[ACCESS, REFRESH, NAME]);
}

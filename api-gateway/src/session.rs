//! Anonymous sessions: who tells the gateway something twice, and not who it is.
//!
//! Two cookies. `asterism_bucket` is a number that decides which trials a session is on; it is not signed,
//! so that every gateway understands it without sharing a secret, and because whoever changes it only
//! chooses among versions that are offered to the public anyway. `asterism_session` is an id that this
//! gateway signed; what a page reports counts once for each of them.
//!
//! Not here: accounts. `Secure` is not set, because the gateway does not know yet whether it stands behind
//! TLS.

use std::{io, path::Path};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use contract::BUCKETS;
use cookie::{Cookie, SameSite};
use hmac::{Hmac, Mac};
use sha2::Sha256;

const BUCKET: &str = "asterism_bucket";
const SESSION: &str = "asterism_session";
/// How long a session counts as the same one, in seconds.
const LIFETIME: u64 = 12 * 60 * 60;
/// How long a browser keeps its bucket.
const YEAR: i64 = 365;
const SECRET_BYTES: usize = 32;

/// Names a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionId(pub(crate) [u8; 16]);

/// Issues and recognises sessions.
#[derive(Clone)]
pub(crate) struct Sessions(Hmac<Sha256>);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

/// What a request's cookies say, and what the answer must set.
#[derive(Debug)]
pub(crate) struct Visit {
    /// The session's bucket, `0..BUCKETS`.
    pub(crate) bucket: u16,
    /// `Set-Cookie` headers for what was missing or invalid.
    pub(crate) cookies: Vec<(HeaderName, HeaderValue)>,
}

impl Sessions {
    /// Reads the secret that all gateways of a site share; makes one up when there is no file.
    ///
    /// # Errors
    /// The file cannot be read, is too short to be a secret, or the system has no randomness.
    pub(crate) fn open(file: Option<&Path>) -> io::Result<Self> {
        let mut secret = Vec::new();
        match file {
            // An editor may have put a line's end to it; the random bytes below are taken as they are.
            Some(file) => secret = std::fs::read(file)?.trim_ascii().to_vec(),
            None => {
                tracing::warn!(
                    "no ASTERISM_SESSION_SECRET_FILE: sessions end with this process, and other \
                     gateways do not know them"
                );
                secret.resize(SECRET_BYTES, 0);
                getrandom::fill(&mut secret).map_err(io::Error::other)?;
            }
        }
        if secret.len() < SECRET_BYTES {
            let text = format!("the session secret has fewer than {SECRET_BYTES} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Hmac::new_from_slice(&secret).map(Self).map_err(io::Error::other)
    }

    /// Reads the cookies of a request for a page. `now` is in seconds, `random` decides what is missing.
    pub(crate) fn visit(&self, request: &HeaderMap, now: u64, random: [u8; 24]) -> Visit {
        let mut cookies = Vec::new();
        let known = value(request, BUCKET).and_then(|text| text.parse().ok());
        let bucket = known.filter(|bucket| *bucket < BUCKETS).unwrap_or_else(|| {
            let [.., a, b, c, d] = random;
            // The remainder is below BUCKETS and so fits.
            let bucket = (u32::from_le_bytes([a, b, c, d]) % u32::from(BUCKETS)) as u16;
            let age = cookie::time::Duration::days(YEAR);
            cookies.extend(set(Cookie::build((BUCKET, bucket.to_string())).max_age(age)));
            bucket
        });
        if self.session(request, now).is_none() {
            let mut id = [0; 16];
            id.copy_from_slice(&random[..16]);
            cookies.extend(set(Cookie::build((SESSION, self.issue(SessionId(id), now)))));
        }
        Visit { bucket, cookies }
    }

    /// Returns the session of a request, `None` without a cookie that we signed in the last hours.
    pub(crate) fn session(&self, request: &HeaderMap, now: u64) -> Option<SessionId> {
        let text = value(request, SESSION)?;
        let (told, mac) = text.rsplit_once('.')?;
        let (id, issued) = told.split_once('.')?;
        let mac = hex::decode(mac).ok()?;
        // Constant time, by the crate.
        self.0.clone().chain_update(told).verify_slice(&mac).ok()?;
        let issued: u64 = issued.parse().ok()?;
        let mut bytes = [0; 16];
        hex::decode_to_slice(id, &mut bytes).ok()?;
        (issued <= now && now - issued < LIFETIME).then_some(SessionId(bytes))
    }

    fn issue(&self, SessionId(id): SessionId, now: u64) -> String {
        let told = format!("{}.{now}", hex::encode(id));
        let mac = self.0.clone().chain_update(&told).finalize().into_bytes();
        format!("{told}.{}", hex::encode(mac))
    }
}

fn value(request: &HeaderMap, name: &str) -> Option<String> {
    let headers = request.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookies = headers.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.filter(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned()).next()
}

fn set(cookie: cookie::CookieBuilder<'_>) -> Option<(HeaderName, HeaderValue)> {
    let cookie = cookie.path("/").same_site(SameSite::Lax).http_only(true).build();
    Some((header::SET_COOKIE, HeaderValue::try_from(cookie.to_string()).ok()?))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{LIFETIME, Sessions};

    fn cookies(values: &[String]) -> HeaderMap {
        let value = HeaderValue::try_from(values.join("; ")).unwrap();
        HeaderMap::from_iter([(header::COOKIE, value)])
    }

    /// What a browser sends back after an answer.
    fn kept(sessions: &Sessions, request: &HeaderMap, seed: u8) -> Vec<String> {
        let visit = sessions.visit(request, 1_000, [seed; 24]);
        let pair =
            |value: &HeaderValue| value.to_str().unwrap().split(';').next().unwrap().to_owned();
        visit.cookies.iter().map(|(_, value)| pair(value)).collect()
    }

    #[test]
    fn a_session_and_its_bucket_are_recognised_by_who_issued_them() {
        let sessions = Sessions::open(None).unwrap();
        let request = cookies(&kept(&sessions, &HeaderMap::new(), 7));
        let first = sessions.session(&request, 1_000).unwrap();
        assert!(kept(&sessions, &request, 9).is_empty(), "nothing to set again");
        assert_eq!(sessions.session(&request, 1_000 + LIFETIME - 1), Some(first));
        assert_eq!(sessions.session(&request, 1_000 + LIFETIME), None);
        assert_eq!(sessions.session(&request, 999), None);
        // Another gateway without the secret knows the bucket, and not the session.
        let other = Sessions::open(None).unwrap();
        assert_eq!(other.session(&request, 1_000), None);
        let bucket = |sessions: &Sessions, seed| sessions.visit(&request, 1_000, [seed; 24]).bucket;
        assert_eq!(bucket(&other, 1), bucket(&sessions, 2));
    }

    #[test]
    fn what_was_not_issued_is_no_session() {
        let sessions = Sessions::open(None).unwrap();
        let good = kept(&sessions, &HeaderMap::new(), 7).remove(1);
        for bad in [
            good.replace("07", "08"),
            good.trim_end_matches(|c| c != '.').to_owned(),
            "asterism_session=x".to_owned(),
            "asterism_session=..".to_owned(),
            String::new(),
        ] {
            assert_eq!(
                sessions.session(&cookies(std::slice::from_ref(&bad)), 1_000),
                None,
                "{bad}"
            );
        }
        for bad in ["10000", "-1", "x", ""] {
            let request = cookies(&[format!("asterism_bucket={bad}")]);
            assert_eq!(sessions.visit(&request, 1, [0; 24]).cookies.len(), 2, "{bad}");
        }
    }
}

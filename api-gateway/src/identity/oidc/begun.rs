//! Sign-ins that were begun: known by a cookie of the browser that began them, each taken once, and soon.
//!
//! The cookie holds the state and is signed. Nonce and verifier are made of the state and a key that only the
//! gateways of a site have, so that the cookie tells nobody anything and no gateway has to remember what it began:
//! the way back may lead to another one. What was taken is remembered by the gateway that took it; at another one
//! the provider refuses the code, which it gives out once.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::http::{HeaderName, HeaderValue};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::{Cookie, SameSite, time::Duration};
use hmac::{Hmac, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cookies;

pub(super) const COOKIE: &str = "asterism_oidc";
/// How long somebody may take at the provider, in seconds.
const LIFETIME: u64 = 10 * 60;
/// The most that are remembered as taken; the oldest make way.
const MOST: usize = 10_000;
/// The longest way that leads back to a page; cookies have 4096 bytes.
const LONGEST_NEXT: usize = 2000;

/// What must come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Begun {
    /// Names it; comes back in the address.
    pub(super) state: String,
    /// Comes back in the token, so that no other sign-in's token will do.
    pub(super) nonce: String,
    /// Whoever steals the code has not this (RFC 7636).
    pub(super) verifier: String,
    /// Where to go afterwards.
    pub(super) next: String,
}

impl Begun {
    /// Returns what the provider is told of the verifier.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}

/// What the cookie says.
#[derive(Serialize, Deserialize)]
struct Told {
    state: String,
    next: String,
    exp: u64,
}

/// Begins sign-ins and knows them again.
pub(super) struct Book {
    key: Hmac<Sha256>,
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
    /// States that were taken, with the second from which they are worth nothing anyway.
    taken: Mutex<HashMap<String, u64>>,
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book").finish_non_exhaustive()
    }
}

impl Book {
    pub(super) fn new(secret: [u8; 32]) -> Self {
        // As HMAC itself fills a key up.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&secret);
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_aud = false;
        // By our own clock, below.
        validation.validate_exp = false;
        Self {
            key: Hmac::new(&block.into()),
            signing: EncodingKey::from_secret(&secret),
            checking: DecodingKey::from_secret(&secret),
            validation,
            taken: Mutex::default(),
        }
    }

    /// Begins a sign-in; `random` names it. Returns it with the cookie's value.
    pub(super) fn begin(
        &self,
        next: &str,
        now: u64,
        random: [u8; 32],
    ) -> Result<(Begun, String), jsonwebtoken::errors::Error> {
        let state = URL_SAFE_NO_PAD.encode(random);
        let next = if next.len() > LONGEST_NEXT { "/" } else { next }.to_owned();
        let told = Told { state: state.clone(), next: next.clone(), exp: now + LIFETIME };
        let cookie = encode(&Header::new(Algorithm::HS256), &told, &self.signing)?;
        Ok((self.begun(state, next), cookie))
    }

    /// Takes the sign-in of a cookie when it is the one of `state`. Nobody takes it again.
    pub(super) fn take(&self, cookie: &str, state: &str, now: u64) -> Option<Begun> {
        let told = decode::<Told>(cookie, &self.checking, &self.validation).ok()?.claims;
        if told.state != state || now >= told.exp {
            return None;
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= MOST {
            taken.retain(|_, until| now < *until);
        }
        if taken.len() >= MOST
            && let Some(oldest) = taken.iter().min_by_key(|(_, until)| **until)
        {
            let oldest = oldest.0.clone();
            taken.remove(&oldest);
        }
        let is_first = taken.insert(told.state.clone(), told.exp).is_none();
        is_first.then(|| self.begun(told.state, told.next))
    }

    fn begun(&self, state: String, next: String) -> Begun {
        let made = |purpose: &str| {
            let mac = self.key.clone().chain_update(purpose).chain_update(&state);
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        };
        Begun { nonce: made("nonce "), verifier: made("verifier "), state, next }
    }
}

/// Returns the cookie of a sign-in that was begun.
pub(super) fn kept(value: &str) -> Option<(HeaderName, HeaderValue)> {
    set(value, Duration::seconds(LIFETIME.try_into().unwrap_or(0)))
}

/// Returns the cookie that forgets it.
pub(super) fn forgotten() -> Option<(HeaderName, HeaderValue)> {
    set("", Duration::ZERO)
}

/// `Lax`, because the way back begins at the provider.
fn set(value: &str, age: Duration) -> Option<(HeaderName, HeaderValue)> {
    let cookie = Cookie::build((COOKIE, value)).path("/auth/oidc").same_site(SameSite::Lax);
    cookies::set(cookie.http_only(true).max_age(age))
}

#[cfg(test)]
mod tests {
    use super::{Begun, Book, LIFETIME, MOST};

    const NOW: u64 = 1_000_000;

    #[test]
    fn each_is_taken_once_and_soon_by_the_browser_that_began_it() {
        let book = Book::new([7; 32]);
        let (begun, cookie) = book.begin("/ask", NOW, [1; 32]).unwrap();
        let (other, others) = book.begin("/", NOW, [2; 32]).unwrap();
        assert_eq!(book.take(&others, &begun.state, NOW), None, "another browser's");
        assert_eq!(book.take(&cookie, &begun.state, NOW + LIFETIME), None, "late");
        // Another gateway of the site takes it as well; what was taken is each one's own to know.
        let sibling = Book::new([7; 32]);
        assert_eq!(sibling.take(&cookie, &begun.state, NOW + 1).as_ref(), Some(&begun));
        assert_eq!(book.take(&cookie, &begun.state, NOW + LIFETIME - 1).as_ref(), Some(&begun));
        assert_eq!(book.take(&cookie, &begun.state, NOW + 1), None, "again");
        assert_eq!(Book::new([8; 32]).take(&others, &other.state, NOW), None, "another site's");
        for bad in ["", "x", &cookie[..cookie.len() - 1]] {
            assert_eq!(book.take(bad, &other.state, NOW), None, "{bad}");
        }
    }

    #[test]
    fn the_cookie_tells_neither_nonce_nor_verifier() {
        let (begun, cookie) = Book::new([7; 32]).begin("/", NOW, [1; 32]).unwrap();
        let (other, _) = Book::new([8; 32]).begin("/", NOW, [1; 32]).unwrap();
        assert!(!cookie.contains(&begun.nonce) && !cookie.contains(&begun.verifier));
        assert_ne!(begun.nonce, begun.verifier);
        assert!(begun.nonce != other.nonce && begun.verifier != other.verifier);
        assert!((43..=128).contains(&begun.verifier.len()), "RFC 7636, 4.1");
    }

    #[test]
    fn what_was_taken_is_bounded() {
        let book = Book::new([7; 32]);
        for n in 0..=MOST {
            let mut random = [0; 32];
            random[..8].copy_from_slice(&n.to_le_bytes());
            let (begun, cookie) = book.begin("/", NOW, random).unwrap();
            assert!(book.take(&cookie, &begun.state, NOW).is_some());
        }
        assert_eq!(book.taken.lock().unwrap().len(), MOST);
    }

    #[test]
    fn the_challenge_is_the_one_of_the_standard() {
        // RFC 7636, appendix B.
        let text = String::new;
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let begun = Begun { verifier, state: text(), nonce: text(), next: text() };
        assert_eq!(begun.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}

//! Access tokens: JWTs that this site's gateways sign (`EdDSA`) and believe for 10 minutes.
//!
//! The key is made of the sessions' secret, so that all gateways of a site know each other's tokens. The
//! algorithm is fixed: what a token says about it decides nothing.

use accounts::Account;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long a token is good, in seconds.
pub(crate) const LIFETIME: u64 = 10 * 60;
/// Who issues tokens, and for whom.
const SITE: &str = "asterism";
/// How far the clocks of a site's gateways may be apart, in seconds.
const SKEW: u64 = 30;
/// An Ed25519 private key in PKCS #8 begins so, and ends with its 32 bytes (RFC 8410).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub(crate) struct Person {
    /// The account's id, which never changes.
    #[serde(rename = "sub")]
    pub(crate) account: String,
    /// The name that they sign in with.
    pub(crate) name: String,
    /// To whom they belong; empty for nobody.
    pub(crate) organisation: String,
    /// `editor`, `analyst`, `admin`, `publisher:<remote>`.
    pub(crate) roles: Vec<String>,
}

impl From<Account> for Person {
    fn from(account: Account) -> Self {
        let Account { id, name, organisation, roles, disabled: _, created_at: _ } = account;
        let roles = roles.iter().map(ToString::to_string).collect();
        Self { account: id, name, organisation, roles }
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
    #[serde(flatten)]
    person: Person,
}

/// Signs tokens and reads them.
pub(crate) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        let public = SigningKey::from_bytes(seed).verifying_key();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[SITE]);
        validation.set_audience(&[SITE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // By our own clock, below.
        validation.validate_exp = false;
        Self {
            signing: EncodingKey::from_ed_der(&[&PKCS8[..], seed].concat()),
            checking: DecodingKey::from_ed_der(public.as_bytes()),
            validation,
        }
    }

    pub(crate) fn issue(
        &self,
        person: &Person,
        now: u64,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let (iss, aud) = (SITE.to_owned(), SITE.to_owned());
        let claims = Claims { iss, aud, iat: now, exp: now + LIFETIME, person: person.clone() };
        encode(&Header::new(Algorithm::EdDSA), &claims, &self.signing)
    }

    /// Returns whom a token names, `None` when it is not ours or not good now.
    pub(crate) fn read(&self, token: &str, now: u64) -> Option<Person> {
        let read = decode::<Claims>(token, &self.checking, &self.validation).ok()?;
        let Claims { iat, exp, person, .. } = read.claims;
        (iat <= now + SKEW && now < exp).then_some(person)
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};

    use super::{LIFETIME, Person, Tokens};

    const NOW: u64 = 1_000_000;

    fn anna() -> Person {
        let text = |text: &str| text.to_owned();
        let roles = vec![text("editor")];
        Person { account: text("a1"), name: text("anna"), organisation: text("x"), roles }
    }

    #[test]
    fn a_token_names_somebody_for_10_minutes() {
        let tokens = Tokens::new(&[7; 32]);
        let token = tokens.issue(&anna(), NOW).unwrap();
        for now in [NOW - 30, NOW, NOW + LIFETIME - 1] {
            assert_eq!(tokens.read(&token, now), Some(anna()), "{now}");
        }
        for now in [NOW - 31, NOW + LIFETIME] {
            assert_eq!(tokens.read(&token, now), None, "{now}");
        }
        assert_eq!(Tokens::new(&[7; 32]).read(&token, NOW), Some(anna()), "another gateway");
        assert_eq!(Tokens::new(&[8; 32]).read(&token, NOW), None, "another site");
    }

    #[test]
    fn what_is_not_signed_by_us_names_nobody() {
        let tokens = Tokens::new(&[7; 32]);
        let good = tokens.issue(&anna(), NOW).unwrap();
        let [head, body, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!() };
        let claims = URL_SAFE_NO_PAD.decode(body).unwrap();
        let admin = String::from_utf8(claims.clone()).unwrap().replace("editor", "admin");
        let admin = URL_SAFE_NO_PAD.encode(admin);
        let none = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
        // A key that everybody knows must not do as a shared secret.
        let public = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        let confused = EncodingKey::from_secret(public.as_bytes());
        let confused = encode(&Header::new(Algorithm::HS256), &claims, &confused).unwrap();
        for bad in [
            format!("{head}.{admin}.{signature}"),
            format!("{none}.{admin}."),
            format!("{none}.{body}.{signature}"),
            format!("{head}.{body}."),
            confused,
            "x".to_owned(),
            String::new(),
        ] {
            assert_eq!(tokens.read(&bad, NOW), None, "{bad}");
        }
    }

    #[test]
    fn a_token_for_something_else_names_nobody() {
        let tokens = Tokens::new(&[7; 32]);
        let good = serde_json::json!({ "iss": "asterism", "aud": "asterism", "iat": NOW,
            "exp": NOW + 60, "sub": "a1", "name": "anna", "organisation": "", "roles": [] });
        let read = |claims: &serde_json::Value| {
            let token = encode(&Header::new(Algorithm::EdDSA), claims, &tokens.signing).unwrap();
            tokens.read(&token, NOW)
        };
        assert!(read(&good).is_some());
        for field in ["iss", "aud"] {
            let mut other = good.clone();
            other[field] = "somebody else".into();
            assert_eq!(read(&other), None, "{field}");
        }
        for field in ["iss", "aud", "exp", "sub", "roles"] {
            let mut without = good.clone();
            without.as_object_mut().unwrap().remove(field);
            assert_eq!(read(&without), None, "{field}");
        }
    }
}

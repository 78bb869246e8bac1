//! ID tokens: what a provider says about somebody, believed when it is signed, for us, of now and of this sign-in.

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{Jwk, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Signatures by a key of which only the provider has the private half.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// How far the provider's clock may be off, in seconds.
const SKEW: u64 = 60;

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
}

/// Why a token is not believed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadToken {
    /// See the text; so are the others.
    #[error("it is signed in a way that is not allowed")]
    Algorithm,
    #[error("it is signed with a key that the provider does not publish")]
    Key,
    #[error("it is not signed by the provider or not for us: {0}")]
    Claims(#[from] jsonwebtoken::errors::Error),
    #[error("it does not say what it must: {0}")]
    Missing(#[source] serde_json::Error),
    #[error("it has ended or has not begun")]
    Time,
    #[error("it is of another sign-in")]
    Nonce,
    #[error("it was given to somebody else")]
    Party,
}

#[derive(Deserialize)]
struct Claims {
    aud: Audience,
    azp: Option<String>,
    exp: u64,
    iat: u64,
    nbf: Option<u64>,
    nonce: Option<String>,
    sub: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What a provider says about somebody.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Believed {
    pub(crate) subject: String,
    /// All that it says.
    pub(crate) claims: Map<String, Value>,
}

/// Returns the key that a token names.
///
/// # Errors
/// [`BadToken::Key`] when it is not among `keys`.
fn key<'a>(token: &str, keys: &'a [Jwk]) -> Result<(Algorithm, &'a Jwk), BadToken> {
    // `none` is no algorithm that can be read.
    let header = decode_header(token).map_err(|_| BadToken::Algorithm)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(BadToken::Algorithm);
    }
    let signs = |key: &&Jwk| {
        matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature))
            && key
                .common
                .key_algorithm
                .is_none_or(|of| of.to_string() == format!("{:?}", header.alg))
    };
    let mut fitting = keys.iter().filter(signs);
    let key = match &header.kid {
        Some(kid) => fitting.find(|key| key.common.key_id.as_ref() == Some(kid)),
        None => fitting.next().filter(|_| fitting.next().is_none()),
    };
    Ok((header.alg, key.ok_or(BadToken::Key)?))
}

/// Returns what a token says about whom.
pub(super) fn read(
    token: &str,
    keys: &[Jwk],
    Expected { issuer, client, nonce }: Expected<'_>,
    now: u64,
) -> Result<Believed, BadToken> {
    let (algorithm, key) = key(token, keys)?;
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[client]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // By our own clock, below.
    validation.validate_exp = false;
    let decoding = DecodingKey::from_jwk(key)?;
    let said = decode::<Map<String, Value>>(token, &decoding, &validation)?.claims;
    let claims: Claims =
        serde_json::from_value(Value::Object(said.clone())).map_err(BadToken::Missing)?;
    let begun = claims.nbf.unwrap_or(claims.iat).max(claims.iat);
    if now >= claims.exp.saturating_add(SKEW) || begun > now + SKEW {
        return Err(BadToken::Time);
    }
    if claims.nonce.as_deref() != Some(nonce) {
        return Err(BadToken::Nonce);
    }
    let only_us = match &claims.aud {
        Audience::One(audience) => audience == client,
        Audience::Many(audience) => audience.iter().all(|audience| audience == client),
    };
    if claims.azp.as_deref().map_or(!only_us, |party| party != client) {
        return Err(BadToken::Party);
    }
    Ok(Believed { subject: claims.sub, claims: said })
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use ed25519_dalek::SigningKey;
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
    use serde_json::{Value, json};

    use super::{BadToken, Expected, read};

    const NOW: u64 = 1_000_000;
    const EXPECTED: Expected<'_> =
        Expected { issuer: "https://id.example", client: "site", nonce: "n" };

    fn key(more: &Value) -> Jwk {
        let public = SigningKey::from_bytes(&[1; 32]).verifying_key();
        let mut key = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "k",
            "x": URL_SAFE_NO_PAD.encode(public.as_bytes()) });
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(key).unwrap()
    }

    fn claims() -> Value {
        json!({ "iss": "https://id.example", "sub": "s", "aud": "site", "nonce": "n",
            "iat": NOW, "exp": NOW + 300 })
    }

    fn signed(claims: &Value, kid: Option<&str>) -> String {
        let pkcs8 = hex::decode("302e020100300506032b657004220420").unwrap();
        let key = EncodingKey::from_ed_der(&[&pkcs8[..], &[1; 32]].concat());
        let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::EdDSA) };
        encode(&header, claims, &key).unwrap()
    }

    #[test]
    fn what_a_token_must_say_and_when() {
        let keys = [key(&json!({}))];
        let with = |name: &str, value: Value| {
            let mut claims = claims();
            claims[name] = value;
            read(&signed(&claims, Some("k")), &keys, EXPECTED, NOW)
        };
        for (name, value) in [
            ("x", json!(1)),
            ("exp", json!(NOW - 59)),
            ("iat", json!(NOW + 60)),
            ("nbf", json!(NOW + 60)),
            ("azp", json!("site")),
            ("aud", json!(["site"])),
        ] {
            assert_eq!(with(name, value.clone()).unwrap().subject, "s", "{name} {value}");
        }
        for (name, value) in [
            ("iss", json!("https://evil.example")),
            ("iss", json!("https://id.example/")),
            ("aud", json!("other")),
            ("aud", json!(["site", "other"])),
            ("azp", json!("other")),
            ("exp", json!(NOW - 60)),
            ("exp", json!("soon")),
            ("iat", json!(NOW + 61)),
            ("nbf", json!(NOW + 61)),
            ("nonce", json!("other")),
            ("nonce", json!(null)),
            ("sub", json!(null)),
        ] {
            assert!(with(name, value.clone()).is_err(), "{name} {value}");
        }
        let mut several = claims();
        several["aud"] = json!(["site", "other"]);
        several["azp"] = json!("site");
        assert!(read(&signed(&several, Some("k")), &keys, EXPECTED, NOW).is_ok());
        for name in ["iss", "sub", "aud", "nonce", "iat", "exp"] {
            let mut without = claims();
            without.as_object_mut().unwrap().remove(name);
            assert!(read(&signed(&without, Some("k")), &keys, EXPECTED, NOW).is_err(), "{name}");
        }
    }

    #[test]
    fn it_is_signed_by_the_key_that_it_names() {
        let token = signed(&claims(), Some("k"));
        let of = |token: &str, keys: &[Jwk]| read(token, keys, EXPECTED, NOW);
        assert!(of(&token, &[key(&json!({ "use": "sig", "alg": "EdDSA" }))]).is_ok());
        assert!(of(&signed(&claims(), None), &[key(&json!({}))]).is_ok(), "the only one");
        let two = [key(&json!({ "kid": "a" })), key(&json!({ "kid": "b" }))];
        for (token, keys) in [
            (&token, &[key(&json!({ "use": "enc" }))][..]),
            (&token, &[key(&json!({ "alg": "RS256" }))]),
            (&token, &two),
            (&signed(&claims(), None), &two),
            (&token, &[]),
        ] {
            assert!(matches!(of(token, keys), Err(BadToken::Key)), "{keys:?}");
        }
        let another = URL_SAFE_NO_PAD.encode(SigningKey::from_bytes(&[2; 32]).verifying_key());
        let another = key(&json!({ "x": another }));
        assert!(matches!(of(&token, &[another]), Err(BadToken::Claims(_))));
    }

    #[test]
    fn the_kinds_of_signatures_that_providers_make_are_read() {
        // Made by node's own crypto: RS256, PS256, ES256.
        let signed: Value = serde_json::from_str(include_str!("token/signed.json")).unwrap();
        for signed in signed.as_array().unwrap() {
            let keys = [serde_json::from_value::<Jwk>(signed["jwk"].clone()).unwrap()];
            let token = signed["token"].as_str().unwrap();
            assert_eq!(read(token, &keys, EXPECTED, NOW).unwrap().subject, "s", "{token}");
            let other = token.replace('.', ".A");
            assert!(read(&other, &keys, EXPECTED, NOW).is_err());
        }
    }

    #[test]
    fn no_signature_and_a_shared_secret_are_no_signatures() {
        let keys = [key(&json!({}))];
        let token = signed(&claims(), Some("k"));
        let [_, body, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
        let none = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none","kid":"k"}"#);
        let public = SigningKey::from_bytes(&[1; 32]).verifying_key();
        let header = Header { kid: Some("k".to_owned()), ..Header::new(Algorithm::HS256) };
        let shared = EncodingKey::from_secret(public.as_bytes());
        let confused = encode(&header, &claims(), &shared).unwrap();
        // Also where the provider itself publishes a secret.
        let secret: Jwk = serde_json::from_value(json!({ "kty": "oct", "kid": "k",
            "k": URL_SAFE_NO_PAD.encode(public.as_bytes()) }))
        .unwrap();
        for (bad, keys) in [
            (format!("{none}.{body}."), &keys[..]),
            (format!("{none}.{body}.{signature}"), &keys),
            (confused.clone(), &keys),
            (confused, &[secret]),
            (String::new(), &keys),
        ] {
            let refused = read(&bad, keys, EXPECTED, NOW);
            assert!(matches!(refused, Err(BadToken::Algorithm)), "{bad} {refused:?}");
        }
        let cut = format!("{}.", token.rsplit_once('.').unwrap().0);
        assert!(matches!(read(&cut, &keys, EXPECTED, NOW), Err(BadToken::Claims(_))));
    }
}

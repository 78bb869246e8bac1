//! Who may say that a bundle is a remote's: signatures and the keys that are trusted.
//!
//! A signature is Ed25519 over the exact bytes of `remote.json`, which names every file with its
//! integrity, so it covers the whole bundle. The registry checks it when a version is published, and the
//! host checks it again, against a trust root of its own that is set when the host is deployed: whoever can
//! write to the store cannot make a browser run anything.
//!
//! Not here: the arithmetic. The registry has a library for it, the shell has the browser.

use serde::{Deserialize, Serialize};

/// The one algorithm.
pub const ED25519: &str = "ed25519";

/// In [`TrustedKey::names`]: any name.
pub const ANY_NAME: &str = "*";

/// A signature over the exact bytes of `remote.json`; also the shape of `remote.json.sig`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Signature {
    /// Always [`ED25519`].
    pub algorithm: String,
    /// Id of the key, see [`TrustedKey::id`].
    pub key: String,
    /// 64 bytes, standard base64 with padding.
    pub signature: String,
}

/// A key that may sign some remotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrustedKey {
    /// The first 16 hex digits of the SHA-256 of the public key's 32 bytes.
    pub id: String,
    /// 32 bytes, standard base64 with padding.
    pub public: String,
    /// The names that it may sign for; [`ANY_NAME`] stands for all.
    pub names: Vec<String>,
}

impl TrustedKey {
    /// Tells whether the key may sign for `name`.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        self.names.iter().any(|covered| covered == ANY_NAME || covered == name)
    }
}

/// Why a bundle has no claim to its name. The text says what, for operators and in the shell's card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// There is no signature.
    Unsigned,
    /// The signature is of another kind.
    Algorithm(String),
    /// Nobody trusts the key.
    UnknownKey(String),
    /// The key is trusted, but not for this name.
    WrongName {
        /// The key's id.
        key: String,
        /// The name that it signed for.
        name: String,
    },
    /// The signature does not belong to these bytes and this key.
    Forged(String),
}

impl Distrust {
    /// Returns what is wrong, for people: lower case, no full stop.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Unsigned => "it is not signed".to_owned(),
            Self::Algorithm(other) => ["its signature is ", other, ", not ", ED25519].concat(),
            Self::UnknownKey(key) => {
                ["it is signed by key ", key, ", which is not trusted"].concat()
            }
            Self::WrongName { key, name } => {
                ["key ", key, " signed it, but may not sign for ", name].concat()
            }
            Self::Forged(key) => {
                ["its signature by key ", key, " does not match what it says"].concat()
            }
        }
    }
}

/// Returns the key that must have made the signature of the remote `name`.
///
/// # Errors
/// There is no signature, or none that `trusted` allows for this name. Fails closed.
pub fn signer<'a>(
    trusted: &'a [TrustedKey],
    name: &str,
    signature: Option<&Signature>,
) -> Result<&'a TrustedKey, Distrust> {
    let Some(Signature { algorithm, key, signature: _ }) = signature else {
        return Err(Distrust::Unsigned);
    };
    if algorithm != ED25519 {
        return Err(Distrust::Algorithm(algorithm.clone()));
    }
    let Some(found) = trusted.iter().find(|trusted| trusted.id == *key) else {
        return Err(Distrust::UnknownKey(key.clone()));
    };
    if !found.covers(name) {
        return Err(Distrust::WrongName { key: key.clone(), name: name.to_owned() });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{ANY_NAME, Distrust, ED25519, Signature, TrustedKey, signer};

    fn key(id: &str, names: &[&str]) -> TrustedKey {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        TrustedKey { id: id.to_owned(), public: String::new(), names }
    }

    fn by(key: &str) -> Signature {
        let (algorithm, key) = (ED25519.to_owned(), key.to_owned());
        Signature { algorithm, key, signature: String::new() }
    }

    #[test]
    fn a_key_signs_for_its_own_names_only() {
        let trusted = [key("a", &["search", "ask"]), key("b", &[ANY_NAME])];
        assert_eq!(signer(&trusted, "ask", Some(&by("a"))).unwrap().id, "a");
        assert_eq!(signer(&trusted, "anything", Some(&by("b"))).unwrap().id, "b");
        for (signature, name, expected) in [
            (None, "ask", Distrust::Unsigned),
            (Some(by("c")), "ask", Distrust::UnknownKey("c".to_owned())),
            (
                Some(by("a")),
                "stories",
                Distrust::WrongName { key: "a".to_owned(), name: "stories".to_owned() },
            ),
            (
                Some(Signature { algorithm: "none".to_owned(), ..by("a") }),
                "ask",
                Distrust::Algorithm("none".to_owned()),
            ),
        ] {
            assert_eq!(signer(&trusted, name, signature.as_ref()), Err(expected));
        }
        assert_eq!(signer(&[], "ask", Some(&by("a"))), Err(Distrust::UnknownKey("a".to_owned())));
    }
}

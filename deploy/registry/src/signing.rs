//! Ed25519 over the exact bytes of `remote.json`: making signatures and checking them.
//!
//! Not here: which keys a registry trusts (`trust`), and the key's file (`signing::file`).

mod file;

use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{Distrust, ED25519, Signature, TrustedKey, signer};
use ed25519_dalek::{Signer, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::{RegistryError, secret::random};

/// Hex digits of a key's id. It names a key to people and in documents; what is trusted is the whole key.
const ID_DIGITS: usize = 16;

/// A private key. Its memory is overwritten when it is dropped, and its `Debug` shows only the id.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// Makes a new key of the system's randomness.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn generate() -> Result<Self, RegistryError> {
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&random()?)))
    }

    /// Returns the first 16 hex digits of the SHA-256 of the public key.
    #[must_use]
    pub fn id(&self) -> String {
        key_id(self.0.verifying_key().as_bytes())
    }

    /// Returns the public half, trusted for these names; [`contract::ANY_NAME`] stands for all.
    #[must_use]
    pub fn trusted(&self, names: Vec<String>) -> TrustedKey {
        let public = STANDARD.encode(self.0.verifying_key().as_bytes());
        TrustedKey { id: self.id(), public, names }
    }

    /// Signs the exact bytes of a descriptor.
    #[must_use]
    pub fn sign(&self, descriptor: &[u8]) -> Signature {
        let signature = STANDARD.encode(self.0.sign(descriptor).to_bytes());
        Signature { algorithm: ED25519.to_owned(), key: self.id(), signature }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SigningKey").field(&self.id()).finish()
    }
}

/// Checks that a key which is trusted for `name` signed these bytes.
///
/// # Errors
/// There is no signature, or it is not of these bytes, or not by a key that `trusted` allows for this name.
pub fn verify(
    trusted: &[TrustedKey],
    name: &str,
    descriptor: &[u8],
    signature: Option<&Signature>,
) -> Result<(), Distrust> {
    let key = signer(trusted, name, signature)?;
    let forged = || Distrust::Forged(key.id.clone());
    let public = public_key(key).ok_or_else(forged)?;
    let bytes = signature.and_then(|signature| STANDARD.decode(&signature.signature).ok());
    let bytes: [u8; 64] = bytes.and_then(|b| b.try_into().ok()).ok_or_else(forged)?;
    // Strict: of the several encodings that a lenient check takes, only the one that signing makes.
    public
        .verify_strict(descriptor, &ed25519_dalek::Signature::from_bytes(&bytes))
        .map_err(|_| forged())
}

/// Returns the key behind the document, `None` when it is no key, a weak one, or has another's id.
pub(crate) fn public_key(key: &TrustedKey) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = STANDARD.decode(&key.public).ok()?.try_into().ok()?;
    let public = VerifyingKey::from_bytes(&bytes).ok()?;
    (key_id(&bytes) == key.id && !public.is_weak()).then_some(public)
}

/// Returns the id of a public key in standard base64.
///
/// # Errors
/// It is not 32 bytes in base64.
pub fn public_key_id(public: &str) -> Result<String, RegistryError> {
    let bytes = STANDARD.decode(public).ok().and_then(|bytes| bytes.try_into().ok());
    let refuse = || RegistryError::InvalidKey("it is not 32 bytes in base64".to_owned());
    bytes.map(|bytes| key_id(&bytes)).ok_or_else(refuse)
}

fn key_id(public: &[u8; 32]) -> String {
    let mut id = hex::encode(Sha256::digest(public));
    id.truncate(ID_DIGITS);
    id
}

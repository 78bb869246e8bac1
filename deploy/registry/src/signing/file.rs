//! The file that a private key is kept in: one JSON document, readable by its owner only.
//!
//! ```json
//! {"algorithm":"ed25519","id":"<16 hex digits>","public":"<base64>","secret":"<base64 of the 32-byte seed>"}
//! ```
//! `id` and `public` follow from `secret`; they are there for people and must agree with it.
//!
//! Not here: passwords on keys. Whoever needs them keeps the file where secrets are kept.

use std::{fs::OpenOptions, io::Write, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use contract::ED25519;
use serde::{Deserialize, Serialize};

use super::SigningKey;
use crate::RegistryError;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    algorithm: String,
    id: String,
    public: String,
    secret: String,
}

impl SigningKey {
    /// Returns the key file's text. It is a secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        let public = self.trusted(Vec::new()).public;
        let secret = STANDARD.encode(self.0.to_bytes());
        let document = Document { algorithm: ED25519.to_owned(), id: self.id(), public, secret };
        // Four strings always serialise.
        serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
    }

    /// Reads a key file's text.
    ///
    /// # Errors
    /// It is not such a document, or its parts do not belong together. The text is never repeated.
    pub fn from_text(text: &str) -> Result<Self, RegistryError> {
        let refuse = |why: &str| RegistryError::InvalidKey(why.to_owned());
        let document: Document = serde_json::from_str(text).map_err(|error| {
            // Serde's own words may repeat a part of the secret.
            let (line, column) = (error.line(), error.column());
            refuse(&format!("it is no key file (line {line}, column {column})"))
        })?;
        if document.algorithm != ED25519 {
            return Err(refuse("its algorithm is not ed25519"));
        }
        let seed = STANDARD.decode(&document.secret).ok().and_then(|seed| seed.try_into().ok());
        let Some(seed) = seed else { return Err(refuse("its secret is not 32 bytes in base64")) };
        let key = Self(ed25519_dalek::SigningKey::from_bytes(&seed));
        if key.id() != document.id || key.trusted(Vec::new()).public != document.public {
            return Err(refuse("its id and public key do not belong to its secret"));
        }
        Ok(key)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// The file cannot be read or holds no key.
    pub fn read(path: &Path) -> Result<Self, RegistryError> {
        let text = std::fs::read_to_string(path).map_err(|source| RegistryError::KeyFile {
            path: path.display().to_string(),
            source,
        })?;
        Self::from_text(&text)
    }

    /// Writes a key file that only its owner can read. Never replaces one: a lost key cannot be had again.
    ///
    /// # Errors
    /// The file exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), RegistryError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let write = || {
            let mut file = options.open(path)?;
            file.write_all(self.to_text().as_bytes())?;
            file.sync_all()
        };
        write()
            .map_err(|source| RegistryError::KeyFile { path: path.display().to_string(), source })
    }
}

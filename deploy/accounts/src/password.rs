//! Passwords, as argon2id hashes with OWASP's parameters (19 MiB, two passes, one lane).
//!
//! Not here: lists of common passwords. Length is what is asked for, and tries are limited by the gateway.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;
/// Most of them: hashing takes no longer for more, but reading them does.
const LONGEST: usize = 256;

/// A hash that no password has, of the same cost as the others.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCEhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password that cannot be one, or a hash that could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error("a password has {SHORTEST} to {LONGEST} characters")]
    Length,
    /// The library or the system failed.
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
}

/// Checks that a password may be one.
///
/// # Errors
/// It is too short or too long.
pub fn check(password: &str) -> Result<(), PasswordError> {
    let long = password.chars().count();
    if (SHORTEST..=LONGEST).contains(&long) { Ok(()) } else { Err(PasswordError::Length) }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// Returns the hash of a password, with a salt of its own, in the PHC form.
pub(crate) fn hash(password: &str) -> Result<String, PasswordError> {
    check(password)?;
    let failed = |error: &dyn std::fmt::Display| PasswordError::Hash(error.to_string());
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| failed(&error))?;
    let salt = SaltString::encode_b64(&random).map_err(|error| failed(&error))?;
    let hash = argon2().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| failed(&error))?.to_string())
}

/// Tells whether a password is the one. Without a hash it takes as long to say that it is not, or the time
/// would tell who has an account.
pub(crate) fn verify(password: &str, hash: Option<&str>) -> bool {
    // Longer ones are nobody's; their length alone decides, which tells nothing.
    if password.len() > LONGEST * 4 {
        return false;
    }
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODYS));
    let right =
        parsed.is_ok_and(|parsed| argon2().verify_password(password.as_bytes(), &parsed).is_ok());
    right && hash.is_some()
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHash;

    use super::{NOBODYS, hash, verify};

    #[test]
    fn only_the_password_itself_is_right_and_nobody_has_one() {
        let stored = hash("correct horse battery").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, hash("correct horse battery").unwrap(), "a salt of its own");
        assert!(verify("correct horse battery", Some(&stored)));
        // Or refusing somebody unknown would take no time.
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        assert_eq!(nobodys.params, PasswordHash::new(&stored).unwrap().params);
        assert_eq!(nobodys.hash.map(|hash| hash.len()), Some(32));
        for wrong in ["correct horse batterx", ""] {
            assert!(!verify(wrong, Some(&stored)), "{wrong}");
            assert!(!verify(wrong, None), "{wrong}");
        }
        assert!(!verify("x", Some("no hash at all")));
        assert!(hash("too short").is_err() && hash(&"x".repeat(300)).is_err());
    }
}

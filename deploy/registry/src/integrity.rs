//! Subresource integrity.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha384};

/// Returns the subresource integrity of `bytes`, `sha384-<base64>`.
#[must_use]
pub fn integrity(bytes: &[u8]) -> String {
    ["sha384-", &STANDARD.encode(Sha384::digest(bytes))].concat()
}

#[cfg(test)]
mod tests {
    use super::integrity;

    #[test]
    fn integrity_is_what_browsers_compute() {
        // `printf 'hello' | openssl dgst -sha384 -binary | base64`
        let expected = "sha384-WeF0h3dEjGnea4ANejO7+5/xtGPkQ1TDVTvNucZm+pASWjx5+QOXvfX2oT3oKGhP";
        assert_eq!(integrity(b"hello"), expected);
    }
}

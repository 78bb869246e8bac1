//! A text that stands in the configuration and in no log.

use std::fmt;

/// A secret. Its `Debug` does not tell it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Returns the text itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use crate::{Config, OidcConfig};

    #[test]
    fn a_configuration_can_be_logged() {
        let oidc = OidcConfig { client_secret: Some("hush-1".into()), ..OidcConfig::default() };
        let config = Config { edge_key: Some("hush-2".into()), oidc, ..Config::default() };
        let told = format!("{config:?}");
        assert!(told.contains("Secret(…)") && !told.contains("hush"), "{told}");
    }
}

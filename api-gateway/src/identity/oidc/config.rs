//! Where people may sign in besides here, and what of that counts here.

use std::{fs, io, path::PathBuf, time::Duration};

use accounts::Role;
use url::Url;

use crate::Secret;

/// The path that a provider sends people back to.
pub(crate) const WAY_BACK: &str = "/auth/oidc/callback";

/// A provider of OpenID Connect, by `[accounts.oidc]`. There is none without an issuer.
#[derive(Clone, Debug, PartialEq)]
pub struct OidcConfig {
    /// Its address, exactly as it writes it itself.
    pub issuer: String,
    /// Who this site is there.
    pub client_id: String,
    /// By which it knows this site. Clients that it calls public have none.
    pub client_secret: Option<Secret>,
    /// The secret in a file.
    pub client_secret_file: Option<PathBuf>,
    /// This site's address with `/auth/oidc/callback`, as it is entered there.
    pub redirect_uri: String,
    /// What its button says; the issuer's host when this is empty.
    pub name: String,
    /// What it is asked for.
    pub scopes: Vec<String>,
    /// How long one answer of it may take.
    pub timeout: Duration,
    /// The claim whose values decide roles: its name, or a JSON pointer such as `/realm_access/roles`.
    pub roles_claim: String,
    /// Which value of it gives which role.
    pub roles: Vec<RoleOf>,
    /// The claim that names an organisation.
    pub organisation_claim: String,
    /// Whose people may sign in; all when this is empty.
    pub organisations: Vec<String>,
    /// Of which e-mail domains people may sign in; all when this is empty.
    pub domains: Vec<String>,
}

impl Default for OidcConfig {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: None,
            client_secret_file: None,
            redirect_uri: String::new(),
            name: String::new(),
            scopes: ["openid", "profile"].map(str::to_owned).into(),
            timeout: Duration::from_secs(8),
            roles_claim: String::new(),
            roles: Vec::new(),
            organisation_claim: String::new(),
            organisations: Vec::new(),
            domains: Vec::new(),
        }
    }
}

/// Who has a value in the claim of roles has a role: `<value>=<role>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleOf {
    /// What the claim holds.
    pub value: String,
    /// What that is here.
    pub role: Role,
}

impl std::str::FromStr for RoleOf {
    type Err = accounts::RoleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (value, role) = text.rsplit_once('=').ok_or(accounts::RoleError)?;
        Ok(Self { value: value.trim().to_owned(), role: role.trim().parse()? })
    }
}

impl std::fmt::Display for RoleOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.value, self.role)
    }
}

impl OidcConfig {
    /// Tells whether there is a provider.
    pub(crate) fn is_there(&self) -> bool {
        !self.issuer.is_empty()
    }

    /// Returns what the provider is called on this site.
    pub(crate) fn shown(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let host = Url::parse(&self.issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_else(|| self.issuer.clone())
    }

    /// Returns the secret, from wherever it is.
    pub(super) fn secret(&self) -> io::Result<Option<String>> {
        match (&self.client_secret, &self.client_secret_file) {
            (Some(secret), _) => Ok(Some(secret.expose().to_owned())),
            (None, Some(file)) => fs::read_to_string(file).map(|text| Some(text.trim().to_owned())),
            (None, None) => Ok(None),
        }
    }

    /// Returns what does not fit together, `None` when all does.
    pub(crate) fn wrong(&self, has_data: bool) -> Option<String> {
        if !self.is_there() {
            return (*self != Self::default()).then(|| "there is no `issuer`".to_owned());
        }
        let safe = |name: &str, text: &str| {
            let url = Url::parse(text).ok().filter(is_safe);
            let told = || format!("`{name}` must be an https address (http for this machine only)");
            if url.is_none() { Some(told()) } else { None }
        };
        let unmapped = self.roles_claim.is_empty() != self.roles.is_empty();
        let scope = |name: &str| self.scopes.iter().any(|scope| scope == name);
        let checks = [
            (!has_data, "accounts need `server.data_dir`"),
            (self.client_id.is_empty(), "there is no `client_id`"),
            (
                self.client_secret.is_some() && self.client_secret_file.is_some(),
                "`client_secret` and `client_secret_file` are both set",
            ),
            (
                !self.redirect_uri.ends_with(WAY_BACK),
                "`redirect_uri` must be this site's address with /auth/oidc/callback",
            ),
            (!scope("openid"), "`scopes` must have `openid`"),
            (!self.domains.is_empty() && !scope("email"), "`domains` needs the scope `email`"),
            (unmapped, "`roles_claim` and `roles` need each other"),
            (
                !self.organisations.is_empty() && self.organisation_claim.is_empty(),
                "`organisations` needs `organisation_claim`",
            ),
        ];
        safe("issuer", &self.issuer)
            .or_else(|| safe("redirect_uri", &self.redirect_uri))
            .or_else(|| checks.iter().find(|(wrong, _)| *wrong).map(|(_, text)| (*text).to_owned()))
    }
}

/// Tells whether what is sent to an address cannot be read or changed on the way.
pub(super) fn is_safe(url: &Url) -> bool {
    let here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

#[cfg(test)]
mod tests {
    use super::OidcConfig;

    #[test]
    fn what_does_not_fit_together_is_said() {
        let good = OidcConfig {
            issuer: "https://id.example".to_owned(),
            client_id: "site".to_owned(),
            redirect_uri: "https://site.example/auth/oidc/callback".to_owned(),
            ..OidcConfig::default()
        };
        assert_eq!((good.wrong(true), OidcConfig::default().wrong(false)), (None, None));
        assert_eq!(good.shown(), "id.example");
        let here = "http://127.0.0.1:9/auth/oidc/callback".to_owned();
        assert_eq!(OidcConfig { redirect_uri: here, ..good.clone() }.wrong(true), None);
        let text = |text: &str| text.to_owned();
        let other = || good.clone();
        for (bad, told) in [
            (OidcConfig { issuer: text("http://id.example"), ..other() }, "https"),
            (OidcConfig { issuer: text("id.example"), ..other() }, "https"),
            (OidcConfig { issuer: String::new(), ..other() }, "no `issuer`"),
            (OidcConfig { client_id: String::new(), ..other() }, "client_id"),
            (OidcConfig { redirect_uri: text("https://site.example/x"), ..other() }, "callback"),
            (OidcConfig { scopes: vec![text("profile")], ..other() }, "openid"),
            (OidcConfig { domains: vec![text("x.example")], ..other() }, "email"),
            (OidcConfig { roles_claim: text("groups"), ..other() }, "each other"),
            (OidcConfig { organisations: vec![text("x")], ..other() }, "organisation_claim"),
            (
                OidcConfig {
                    client_secret: Some("x".into()),
                    client_secret_file: Some("x".into()),
                    ..other()
                },
                "both",
            ),
        ] {
            let wrong = bad.wrong(true).unwrap_or_default();
            assert!(wrong.contains(told), "{wrong:?} {told}");
        }
        assert!(good.wrong(false).is_some_and(|wrong| wrong.contains("data_dir")));
    }
}

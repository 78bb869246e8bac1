//! Signing in elsewhere: OpenID Connect, the code flow with PKCE, state and nonce, as a confidential client.
//!
//! `GET /auth/oidc/start` sends somebody to the provider, `GET /auth/oidc/callback` takes them back. Whoever the
//! provider vouches for gets an account at their first visit, and the same tokens as who typed a password
//! (`identity`). Accounts are known by issuer and subject (`accounts::Vouched`); [`people`] says what else of the
//! claims counts.
//!
//! Built on jsonwebtoken, which the access tokens have anyway, and not on the crate openidconnect: that one brings
//! the crate rsa, which RUSTSEC-2023-0071 is about, and a second sha2 and hmac.
//!
//! Not here: signing out at the provider, its userinfo endpoint (claims are those of the ID token), its access and
//! refresh tokens, which are forgotten at once, and more than one provider.

mod begun;
mod config;
mod people;
mod provider;
mod refusal;
pub(crate) mod routes;
mod token;

pub use config::{OidcConfig, RoleOf};
pub use provider::OidcError;

use accounts::Vouched;
use axum::http::HeaderMap;
use url::Url;

use super::cookies;
use begun::{Begun, Book};
use provider::Provider;
pub(super) use refusal::Refusal;

/// The provider of a site, and who is on their way to it and back.
#[derive(Debug)]
pub(crate) struct Oidc {
    provider: Provider,
    book: Book,
    name: String,
}

/// Somebody who is sent to the provider.
struct Sent {
    to: Url,
    cookie: String,
}

/// Somebody who came back.
struct Back {
    vouched: Vouched,
    next: String,
}

impl Oidc {
    /// Sets the provider of a configuration up, if it has one; nothing is asked yet. `secret` signs cookies.
    pub(crate) fn open(config: &OidcConfig, secret: [u8; 32]) -> Result<Option<Self>, OidcError> {
        if !config.is_there() {
            return Ok(None);
        }
        let (name, book) = (config.shown(), Book::new(secret));
        Ok(Some(Self { provider: Provider::new(config.clone())?, book, name }))
    }

    /// Returns what people call the provider.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    async fn send(&self, begun: &Begun, cookie: String) -> Result<Sent, Refusal> {
        Ok(Sent { to: self.provider.authorization(begun).await?, cookie })
    }

    async fn take_back(
        &self,
        answer: routes::callback::Answer,
        headers: &HeaderMap,
        now: u64,
    ) -> Result<Back, Refusal> {
        // Of this browser, or somebody would be signed in as who sent them the link.
        let begun = cookies::values(headers, begun::COOKIE)
            .find_map(|cookie| self.book.take(cookie, &answer.state, now))
            .ok_or(Refusal::NotBegun)?;
        self.provider.check_sender(answer.iss.as_deref()).await?;
        let code = answer.code()?;
        let believed = self.provider.redeem(&begun, &code, now).await?;
        let vouched = people::vouched(self.provider.config(), believed)?;
        Ok(Back { vouched, next: begun.next })
    }
}

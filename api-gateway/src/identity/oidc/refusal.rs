//! Why somebody is not let in, and what people are told: what happened, why, and what to do.

use axum::http::StatusCode;

use super::token::BadToken;

/// A sign-in that came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The way back is not one of this browser, or was taken.
    #[error("the way back belongs to no sign-in of this browser")]
    NotBegun,
    /// The provider did not let somebody in.
    #[error("the provider did not let somebody in")]
    Denied,
    /// The provider reports something else, by a code of the standard.
    #[error("the provider reports `{0}`")]
    Reported(String),
    /// The way back came from somewhere else (RFC 9207).
    #[error("another provider sent somebody back")]
    OtherIssuer,
    /// The provider cannot be reached, or is too slow.
    #[error("the provider does not answer")]
    Away(#[source] reqwest::Error),
    /// It could not be reached a moment ago.
    #[error("the provider did not answer a moment ago")]
    AwayStill,
    /// The provider answers what it must not.
    #[error("the provider does not answer as it should: {0}")]
    Strange(String),
    /// The code was used, or is too old.
    #[error("the provider does not take the code")]
    BadCode,
    /// The ID token is not to be believed.
    #[error("an ID token is not believed")]
    BadToken(#[from] BadToken),
    /// Somebody does not belong to those who may.
    #[error("not of an organisation or domain that may sign in")]
    NotOurs,
    /// The account is disabled.
    #[error("the account is disabled")]
    Disabled,
}

impl Refusal {
    /// Whether an operator should look.
    pub(in crate::identity) fn is_fault(&self) -> bool {
        matches!(self, Self::OtherIssuer | Self::Away(_) | Self::Strange(_) | Self::BadToken(_))
    }

    /// Returns the status and what people are told.
    pub(in crate::identity) fn told(&self, provider: &str) -> (StatusCode, String) {
        let begin_again = "Begin again.";
        let operator = "Begin again; if it stays, tell who runs this site.";
        match self {
            Self::NotBegun => (
                StatusCode::BAD_REQUEST,
                format!(
                    "This sign-in was begun in another browser, was used already or took longer \
                     than 10 minutes. {begin_again}"
                ),
            ),
            Self::Denied => (
                StatusCode::UNAUTHORIZED,
                format!(
                    "{provider} did not let you in: it was cancelled there, or you may not use \
                     this site. Try again, or ask who gave you your account at {provider}."
                ),
            ),
            Self::Reported(code) => (
                StatusCode::BAD_GATEWAY,
                format!("{provider} could not sign you in and says `{code}`. {operator}"),
            ),
            Self::Away(_) | Self::AwayStill => (
                StatusCode::BAD_GATEWAY,
                format!("{provider} does not answer. Try again in a moment."),
            ),
            Self::Strange(_) => (
                StatusCode::BAD_GATEWAY,
                format!("{provider} and this site do not understand each other. {operator}"),
            ),
            Self::BadCode => (
                StatusCode::UNAUTHORIZED,
                format!(
                    "{provider} does not take this sign-in any more: it was used already or took \
                     too long. {begin_again}"
                ),
            ),
            Self::OtherIssuer | Self::BadToken(_) => (
                StatusCode::UNAUTHORIZED,
                format!("What {provider} says about you cannot be verified. {operator}"),
            ),
            Self::NotOurs => (
                StatusCode::FORBIDDEN,
                format!(
                    "Your account at {provider} does not belong to those who may sign in here. \
                     Use another account, or ask who runs this site."
                ),
            ),
            Self::Disabled => (
                StatusCode::FORBIDDEN,
                "Your account on this site is switched off. Ask who runs this site.".to_owned(),
            ),
        }
    }
}

//! Which model is asked, and how much of it.

use std::{
    fmt,
    num::{NonZeroU32, NonZeroU64},
    time::Duration,
};

use service_kit::env::{self, EnvError};

const DEADLINE: Duration = Duration::from_secs(30);
const FIRST_PIECE: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_secs(10);
const MAX_TOKENS: u32 = 700;
const PROMPT_CHARS: usize = 24_000;

/// How a [`Provider`](super::Provider) asks.
#[derive(Clone)]
pub struct ProviderSettings {
    /// `ASTERISM_CHAT_URL`: before `/v1/chat/completions`.
    pub base: String,
    /// `ASTERISM_CHAT_KEY`.
    pub key: Option<String>,
    /// `ASTERISM_CHAT_MODEL`: its name there.
    pub model: String,
    /// `ASTERISM_CHAT_DEADLINE_MS`: for the whole answer, all tries included; 30 s by default.
    pub deadline: Duration,
    /// For the first piece of the answer of one try.
    pub first_piece: Duration,
    /// From one piece to the next.
    pub idle: Duration,
    /// `ASTERISM_CHAT_TOKENS`: of the answer; 700 by default.
    pub max_tokens: u32,
    /// Characters of the prompt; stories that do not fit are left out, the last ones first.
    pub prompt_chars: usize,
}

/// A key is never shown.
impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings")
            .field("base", &self.base)
            .field("model", &self.model)
            .field("deadline", &self.deadline)
            .field("max_tokens", &self.max_tokens)
            .finish_non_exhaustive()
    }
}

impl ProviderSettings {
    /// Returns settings with everything that has a default.
    #[must_use]
    pub fn new(base: String, model: String, key: Option<String>) -> Self {
        Self {
            base,
            key,
            model,
            deadline: DEADLINE,
            first_piece: FIRST_PIECE,
            idle: IDLE,
            max_tokens: MAX_TOKENS,
            prompt_chars: PROMPT_CHARS,
        }
    }

    /// Reads the environment; without `ASTERISM_CHAT_URL` there is no model to ask.
    ///
    /// # Errors
    /// A variable is missing or cannot be understood.
    pub fn from_env() -> Result<Option<Self>, EnvError> {
        let Some(base) = env::parsed("ASTERISM_CHAT_URL", "a URL")? else { return Ok(None) };
        let model = env::required("ASTERISM_CHAT_MODEL", "the name of the chat endpoint's model")?;
        let mut settings = Self::new(base, model, env::parsed("ASTERISM_CHAT_KEY", "a secret")?);
        let tokens: Option<NonZeroU32> =
            env::parsed("ASTERISM_CHAT_TOKENS", "a number of tokens above 0")?;
        let deadline: Option<NonZeroU64> =
            env::parsed("ASTERISM_CHAT_DEADLINE_MS", "a number of milliseconds above 0")?;
        if let Some(tokens) = tokens {
            settings.max_tokens = tokens.get();
        }
        if let Some(deadline) = deadline {
            settings.deadline = Duration::from_millis(deadline.get());
        }
        Ok(Some(settings))
    }
}

#[cfg(test)]
mod tests {
    use super::ProviderSettings;

    #[test]
    fn a_key_is_never_shown() {
        let key = Some("sk-secret".to_owned());
        let settings = ProviderSettings::new("http://x".to_owned(), "m".to_owned(), key);
        assert!(!format!("{settings:?}").contains("sk-secret"));
    }
}

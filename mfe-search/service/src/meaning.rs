//! Search by meaning: from texts to vectors, and from a vector to the stories near it.

mod engine;
mod minilm;
pub(crate) mod passages;
mod provider;
pub(crate) mod space;
mod threads;
mod vectors;

use std::fmt::Debug;

use service_kit::BoxError;

pub use engine::Meaning;
pub(crate) use engine::keep_up;
pub use minilm::MiniLm;
pub use provider::Provider;
pub use vectors::Vectors;

/// Turns texts into vectors whose closeness is closeness of meaning.
///
/// Blocking: a call takes from milliseconds to seconds, so never make it on a thread that serves sockets.
pub trait Embedder: Debug + Send + Sync {
    /// Names the model; vectors of two models are never compared.
    fn id(&self) -> &str;

    /// Length of every vector.
    fn dimensions(&self) -> usize;

    /// Tells whether this is a word of the language, and so no misspelling of another. Who cannot tell says
    /// that it is: models of any size read misspellings themselves.
    fn knows(&self, word: &str) -> bool {
        let _ = word;
        true
    }

    /// Returns a vector of length 1 for each text, in their order.
    ///
    /// # Errors
    /// The model or its provider fails.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError>;
}

/// Why there are no vectors.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// The model's files cannot be used.
    #[error("the embedding model cannot be loaded")]
    Load(#[source] BoxError),
    /// The model fails over these texts.
    #[error("the embedding model fails")]
    Compute(#[source] BoxError),
}

impl EmbedError {
    fn load(error: impl Into<BoxError>) -> Self {
        Self::Load(error.into())
    }

    fn compute(error: impl Into<BoxError>) -> Self {
        Self::Compute(error.into())
    }
}

//! Questions about somebody's private life.
//!
//! Not here: what merely has such a word in it. "How did you handle personal data?" asks about work, so a
//! private matter counts only where it is somebody's.

use std::sync::LazyLock;

use super::{patterns::Patterns, tokens::Token};

static PRIVATE: LazyLock<Patterns> = LazyLock::new(|| Patterns::read(include_str!("personal.txt")));

/// Tells whether a question is about somebody's private life.
pub(super) fn found(read: &[Token]) -> bool {
    PRIVATE.found(read)
}

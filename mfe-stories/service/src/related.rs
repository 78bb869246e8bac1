//! Which stories are like one: by client, by technique, and by what they are about.
//!
//! Pure. [`Likeness`] keeps of every story what likeness depends on and follows the store's changes, so that
//! a request costs one pass over small vectors instead of reading all stories. What a story is about is
//! measured by the words of its title, summary, skills, uses and tags: the cosine of their TF-IDF weights.
//! Not here: search, which ranks by a query and is another domain.

mod likeness;
mod words;

pub(crate) use likeness::{Likeness, Match};

#[cfg(test)]
mod tests;

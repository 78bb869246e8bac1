//! `/registry/v1`: publishing, looking at what was published and released, releasing, rolling back,
//! switching pools.
//!
//! Not here: what any of it means (the `registry` crate).

pub(crate) mod auth;
mod error;
mod if_match;
pub(crate) mod pools;
pub(crate) mod publish;
pub(crate) mod read;
pub(crate) mod write;

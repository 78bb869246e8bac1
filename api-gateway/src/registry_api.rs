//! `/registry/v1`: looking at what was published and released, releasing, rolling back.
//!
//! Not here: publishing over HTTP, keys with scopes, collecting garbage.

mod auth;
mod error;
mod if_match;
pub(crate) mod read;
pub(crate) mod write;

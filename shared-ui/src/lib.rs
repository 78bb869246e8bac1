//! What every browser bundle of the site shares: the remote kit, hooks and the design system.
//!
//! `tokens.css` is the only styling that crosses a shadow root; `components.css` goes into each remote's
//! own stylesheet. Not here: any word of a domain, routing tables, the host itself.

#[cfg(target_family = "wasm")]
mod allocator;
pub mod client;
pub mod components;
mod erased;
pub mod fields;
mod from_js;
pub mod hooks;
pub mod kit;
mod loadable;
mod location;
mod part;
mod period;
pub mod sse;
pub mod tag;
#[cfg(feature = "testing")]
pub mod testing;

pub use loadable::Loadable;
pub use location::{Location, with_query};
pub use part::part;
pub use period::period;

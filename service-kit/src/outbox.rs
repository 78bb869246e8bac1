//! A service's durable outbox: what happened, in order, for consumers that read with a cursor.
//!
//! Events stand in the service's own SQLite database, so that [`append`] can be part of the transaction that
//! does what the event tells. What changes nothing that is stored, such as a search, goes through a [`Queue`],
//! which writes many events at once. [`routes`] lets consumers read over HTTP, outside of `/api`, so that no
//! gateway forwards it.
//!
//! A consumer keeps its cursor with what it made of the events, best in one transaction too; then each event
//! counts exactly once, whenever either side is killed.
//!
//! Not here: sending events anywhere, and what is made of them.

mod page;
mod queue;
mod route;
mod table;

pub use page::{BadCursor, Cursor, Page, page};
pub use queue::Queue;
pub use route::{EVENTS, Outbox, routes};
pub use table::{Event, append, create, prune, read};

/// How long events are kept, seconds: 90 days, read or not. A consumer that was away for longer finds out by
/// the numbers that it misses.
pub const KEPT: i64 = 90 * 24 * 3600;

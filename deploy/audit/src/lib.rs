//! An append-only log in which each entry carries the hash of the one before it.
//!
//! The log is one file of JSON Lines and no database: what is hashed is what stands in the file, byte for
//! byte, so that no byte of it can change unseen. Whoever looks into it needs `tail`, and a crash can only cut
//! its last line, which nobody was told of yet. Several processes may write, such as a gateway and the tool:
//! each holds the file's lock, reads what the others added, adds its lines and waits for the disk.
//!
//! A chain alone cannot tell that its end was cut off, and who may write the file can make all of it anew.
//! So the newest entry's hash, the [`Head`], belongs to another place too, which [`verify()`] is then given.
//!
//! Not here: what is worth an entry, who writes it, and where heads are kept (the gateway and the tool).

mod entry;
mod log;
mod verify;
pub mod what;

pub use entry::{Entry, Head, Record};
pub use log::{AuditError, FILE, Log};
pub use verify::{Fault, FaultKind, read, verify};

//! Where events go.

use service_kit::{BoxError, outbox::Cursor};

use crate::Batch;

/// Takes events of several sources, each of which may tell the same again.
///
/// What it cannot use it sets aside and counts: an event that is refused for ever would keep all that follow
/// from being read.
pub trait Sink: Send + Sync {
    /// Returns the cursor after what was taken from a source, `None` at the beginning.
    ///
    /// # Errors
    /// The sink cannot be read for now.
    fn cursor(&self, source: &str) -> Result<Option<Cursor>, BoxError>;

    /// Takes events and remembers their cursor, both or neither. `now` is seconds since 1970.
    ///
    /// # Errors
    /// Nothing was taken, for now.
    fn apply(&self, source: &str, batch: &Batch, now: i64) -> Result<Applied, BoxError>;

    /// Forgets the cursor, and not the events, because the source begins anew.
    ///
    /// # Errors
    /// The cursor is as before, for now.
    fn begin_again(&self, source: &str) -> Result<(), BoxError>;
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Events that were new.
    pub taken: u64,
    /// Events that were there already.
    pub duplicates: u64,
    /// What cannot be used.
    pub set_aside: u64,
    /// Numbers that never came: the source removed those events before they were read.
    pub missed: u64,
}

//! The error that a body ends with on its way to a caller.

use std::task::{Context, Poll};

/// Holds the error for one turn, so that what came before it is sent: the server writes what it has when a
/// body has nothing for now, and drops it when a body fails.
#[derive(Debug)]
pub(crate) struct Breaking<E>(Option<E>);

impl<E> Default for Breaking<E> {
    fn default() -> Self {
        Self(None)
    }
}

impl<E> Breaking<E> {
    /// Has the body polled again; [`Self::take`] is what it returns then.
    pub(crate) fn hold<T>(&mut self, error: E, cx: &Context<'_>) -> Poll<T> {
        self.0 = Some(error);
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    pub(crate) fn take(&mut self) -> Option<E> {
        self.0.take()
    }
}

//! What every handler shares.

use std::sync::Arc;

use service_kit::outbox::{Outbox, Queue};
use tokio::sync::watch;

use crate::{
    BearerKey,
    error::StoriesError,
    near::Near,
    store::{Store, StoreError},
};

/// The store, who may edit it, and whether the service is stopping. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    store: Arc<Store>,
    near: Arc<Near>,
    editor_key: Option<BearerKey>,
    /// Where views are told of; a change is told of with the change.
    views: Option<Queue>,
    outbox: Option<Outbox>,
    closing: watch::Sender<bool>,
}

impl AppState {
    /// Returns the state over an open store; without a key nobody can edit. Views are told to nobody.
    #[must_use]
    pub fn new(store: Store, editor_key: Option<BearerKey>) -> Self {
        let (near, closing) = (Arc::default(), watch::Sender::new(false));
        Self { store: Arc::new(store), near, editor_key, views: None, outbox: None, closing }
    }

    /// Tells views, and lets other programs of the site read the outbox.
    #[must_use]
    pub fn telling(self, views: Queue, outbox: Outbox) -> Self {
        Self { views: Some(views), outbox: Some(outbox), ..self }
    }

    /// Ends every waiting request at once, so that stopping takes no longer than the work under way.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Returns once [`close`](Self::close) was called.
    pub(crate) async fn closed(&self) {
        // An error means that every sender is gone, which `self` rules out.
        self.closing.subscribe().wait_for(|closing| *closing).await.ok();
    }

    /// Returns a signal that fires at each change committed from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<i64> {
        self.store.changes()
    }

    pub(crate) fn views(&self) -> Option<&Queue> {
        self.views.as_ref()
    }

    pub(crate) fn outbox(&self) -> Option<Outbox> {
        self.outbox.clone()
    }

    pub(crate) fn editor_key(&self) -> Option<&BearerKey> {
        self.editor_key.as_ref()
    }

    /// Returns which stories are like one; its calls block.
    pub(crate) fn near(&self) -> Arc<Near> {
        Arc::clone(&self.near)
    }

    /// Returns the store; its calls block.
    pub(crate) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.store)
    }

    /// Runs `work` on the store, on a thread that may block.
    pub(crate) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoriesError> {
        let store = self.store();
        self.blocking(move || work(&store)).await
    }

    /// Runs `work` on a thread that may block.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoriesError> {
        let done = tokio::task::spawn_blocking(work).await;
        Ok(done.map_err(StoreError::Interrupted)??)
    }
}

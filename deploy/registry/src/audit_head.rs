//! Heads of gateways' audit logs, `audit/<log>.json`: kept here, an end that is cut off a log is noticed.
//!
//! Not here: the logs. Where the store keeps old versions of an object, it keeps every head there was.

use object_store::path::Path;
use serde::{Deserialize, Serialize};

use crate::{Registry, RegistryError, history::now, trust::is_id};

/// The newest entry of a log, as its gateway told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// Which log: 16 hex digits.
    pub log: String,
    /// The entry's number.
    pub sequence: u64,
    /// The entry's hash.
    pub hash: String,
    /// RFC 3339, UTC.
    pub told_at: String,
}

impl AuditHead {
    /// Returns the head of a log as it is now.
    #[must_use]
    pub fn new(log: String, sequence: u64, hash: String) -> Self {
        Self { log, sequence, hash, told_at: now() }
    }
}

impl Registry {
    /// Keeps the head of a log in place of its last one.
    ///
    /// # Errors
    /// The log's name is none, or the storage failed.
    pub async fn keep_audit_head(&self, head: &AuditHead) -> Result<(), RegistryError> {
        if !is_id(&head.log) {
            return Err(RegistryError::InvalidKey("a log is named by 16 hex digits".to_owned()));
        }
        self.store.put_json(&place(&head.log), head).await
    }

    /// Returns the head that is kept of a log.
    ///
    /// # Errors
    /// The storage failed or the document is damaged.
    pub async fn audit_head(&self, log: &str) -> Result<Option<AuditHead>, RegistryError> {
        if !is_id(log) {
            return Ok(None);
        }
        Ok(self.store.get_json(&place(log)).await?.map(|(_, head)| head))
    }
}

fn place(log: &str) -> Path {
    Path::from(format!("audit/{log}.json"))
}

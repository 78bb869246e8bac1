//! What is begun is ended: a change and its record in the audit log, also when the caller hangs up between them.
//!
//! Not here: a process that ends between them. `audit` finds revisions and keys again when it looks next.

use service_kit::{ApiError, telemetry::continued};

/// Does something to its end, whether or not somebody still waits for it.
pub(super) async fn whole<T: Send + 'static>(
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::spawn(continued(work)).await.map_err(ApiError::internal)?
}

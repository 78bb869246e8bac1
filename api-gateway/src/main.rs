//! Runs the gateway.

use api_gateway::{Config, serve};
use mimalloc::MiMalloc;

/// Requests are many small pieces that live for a moment, on all threads: the C library's allocator takes a
/// fifth of the time for them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let _telemetry =
        service_kit::telemetry::init(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    // Buffers are most of a connection's memory, and most of a buffer is never used: a huge page holds it all.
    if let Err(error) = nix::sys::prctl::set_thp_disable(true) {
        tracing::warn!(%error, "connections take more memory than they need");
    }
    serve(Config::load()?).await?;
    Ok(())
}

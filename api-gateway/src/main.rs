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
    serve(Config::load()?).await?;
    Ok(())
}

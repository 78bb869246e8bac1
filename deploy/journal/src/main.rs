//! Runs the journal.

use journal::{Config, serve};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let _telemetry =
        service_kit::telemetry::init(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    serve(Config::from_env()?).await?;
    Ok(())
}

//! Runs the journal.

use journal::{Config, serve};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    service_kit::telemetry::init();
    serve(Config::from_env()?).await?;
    Ok(())
}

//! Runs the ask service.

use mfe_ask_service::{Config, serve};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    service_kit::telemetry::init();
    serve(Config::from_env()?).await?;
    Ok(())
}

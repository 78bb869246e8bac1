//! Runs the industries service.

use mfe_industries_service::{Config, serve};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    service_kit::telemetry::init();
    serve(Config::from_env()?).await?;
    Ok(())
}

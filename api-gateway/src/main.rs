//! Runs the gateway.

use api_gateway::{Config, serve};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    service_kit::telemetry::init();
    serve(Config::load()?).await?;
    Ok(())
}

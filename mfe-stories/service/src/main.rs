//! Runs the stories service.

use mfe_stories_service::{Config, serve};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    service_kit::telemetry::init();
    serve(Config::from_env()?).await?;
    Ok(())
}

//! Runs the stories service.

use mfe_stories_service::{Config, serve};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let _telemetry =
        service_kit::telemetry::init(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    serve(Config::from_env()?).await?;
    Ok(())
}

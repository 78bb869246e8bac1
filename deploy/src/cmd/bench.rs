//! `bench`.
/// Bench
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}
pub(crate) async fn run(_: Args, _: crate::cli::Site) -> anyhow::Result<()> { Ok(()) }

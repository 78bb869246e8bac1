//! `model`: the embedding model of the search service.

use crate::{
    term,
    tools::{Cache, model},
};

/// The embedding model that finds stories by meaning
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Fetch it into the user's cache, when it is not there, and print its folder
    Pull,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    match args.what {
        What::Pull => {
            let model = model::ensure(&Cache::find()?)?;
            term::say(&model.folder.display().to_string());
        }
    }
    Ok(())
}

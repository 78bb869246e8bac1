//! `bench`: numbers, printed and never asserted: a machine that is busy must not fail a build.

mod bytes;
mod load;
mod warm;

use crate::{cli::Site, workspace::Workspace};

/// Print the numbers: bytes over the wire, load times, start time
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Every file of the shell and each remote: raw, gzip, brotli
    Bytes {
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Time to the first story card and to a prefetched page, in a browser against a running site
    Load {
        /// The site [default: the one that runs on the data]
        #[arg(long)]
        url: Option<String>,
    },
    /// Time from `up` to ready when everything is built
    Up,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    match args.what {
        What::Bytes { json } => bytes::run(&workspace, json),
        What::Load { url } => load::run(&workspace, &site, url).await,
        What::Up => warm::run(&workspace).await,
    }
}

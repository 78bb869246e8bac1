//! `bench`: numbers, printed and never asserted: a machine that is busy must not fail a build.

mod ask;
mod bytes;
pub(super) mod edge;
mod faults;
mod follow;
mod gateways;
mod load;
mod manifest;
mod memory;
mod numbers;
mod own_site;
mod release;
mod search;
mod statistics;
mod warm;

use anyhow::Context;

pub(super) use own_site::OwnSite;

use crate::{
    build::host::Profile,
    cli::Site,
    workspace::{Bundled, Workspace},
};

/// Print the numbers: bytes over the wire, load times, releases, rollbacks
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

/// How the gateway is built that is measured [default: `cargo build --release`].
#[derive(Clone, Copy, Debug, clap::Args)]
struct Built {
    /// Take the gateway that `build api-gateway` made
    #[arg(long)]
    trained: bool,
    /// Build the gateway without optimisation
    #[arg(long, conflicts_with = "trained")]
    dev: bool,
}

impl Built {
    fn profile(self) -> Profile {
        match self {
            Self { trained: true, .. } => Profile::Trained,
            Self { dev: true, .. } => Profile::Dev,
            Self { .. } => Profile::Release,
        }
    }
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
    /// Time from a built remote to live, through a gateway of its own
    Release {
        #[command(flatten)]
        built: Built,
    },
    /// Time from a rollback to the last of 200 open event streams, on two gateways of its own
    Follow {
        #[command(flatten)]
        built: Built,
    },
    /// Requests for an unchanged manifest that a core of the gateway answers
    Manifest,
    /// The gateway beside nginx: a proxied answer and static files
    Edge {
        #[command(flatten)]
        rounds: edge::Rounds,
        #[command(flatten)]
        built: Built,
    },
    /// Memory for each of many open event streams, and how others are served meanwhile
    Streams {
        #[command(flatten)]
        streams: edge::Holding,
        #[command(flatten)]
        built: Built,
    },
    /// Memory of the gateway over half an hour's worth of mixed requests
    Soak {
        #[command(flatten)]
        soak: edge::Mixture,
        #[command(flatten)]
        built: Built,
    },
    /// Hurt a site of its own in many ways, and print what visitors saw of each
    Faults(faults::Faults),
    /// How often automatic rollback is wrong and how soon it is right, by simulation
    RollbackStatistics,
    /// What 200 mounts of each remote leave in a browser, against a running site
    Mounts {
        /// The site [default: the one that runs on the data]
        #[arg(long)]
        url: Option<String>,
    },
    /// nDCG@10 and recall@10 of search by words, by meaning and by both
    SearchQuality {
        /// Labelled queries [default: those for tuning and those for checking]
        #[arg(long, value_name = "FILE")]
        queries: Option<String>,
        /// Print every query
        #[arg(long)]
        each: bool,
    },
    /// Times of uncached searches, index build rate and memory
    SearchLatency {
        /// How many stories; above the real ones they are generated
        #[arg(long, default_value_t = 120)]
        stories: u32,
        /// Through the gateway of a running site instead
        #[arg(long, conflicts_with = "stories")]
        gateway: bool,
        /// The site, with --gateway [default: the one that runs on the data]
        #[arg(long, requires = "gateway")]
        url: Option<String>,
    },
    /// Guard, scoping, facts and support of answers, asked of a running site or of one of its own
    AskQuality {
        /// Labelled questions [default: ours]
        #[arg(long, value_name = "FILE")]
        questions: Option<String>,
        /// Print every question that was not answered as expected
        #[arg(long)]
        each: bool,
        /// The site [default: the one that runs on the data]
        #[arg(long)]
        url: Option<String>,
    },
    /// Time to the first token with many conversations at once, and memory over thousands
    AskLoad {
        #[command(flatten)]
        load: ask::Load,
        /// The site [default: the one that runs on the data]
        #[arg(long)]
        url: Option<String>,
    },
    /// Time from a rollback to the remounted slot in open tabs of a browser, on a site of its own
    Tabs,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    match args.what {
        What::Bytes { json } => bytes::run(&workspace, json),
        What::Load { url } => load::on_site(&workspace, &site, "bench-load.mjs", url).await,
        What::Up => warm::run(&workspace).await,
        What::Release { built } => release::run(&workspace, built.profile()).await,
        What::Follow { built } => follow::run(&workspace, built.profile()).await,
        What::Manifest => manifest::run(&workspace).await,
        What::Edge { rounds, built } => {
            edge::beside_nginx(&workspace, built.profile(), &rounds).await
        }
        What::Streams { streams, built } => {
            edge::streams(&workspace, built.profile(), &streams).await
        }
        What::Soak { soak, built } => edge::soak(&workspace, built.profile(), &soak).await,
        What::Faults(faults) => faults::run(&workspace, &faults).await,
        What::RollbackStatistics => statistics::run(&workspace).await,
        What::Mounts { url } => load::on_site(&workspace, &site, "bench-mounts.mjs", url).await,
        What::SearchQuality { queries, each } => {
            search::quality(&workspace, queries.as_deref(), each)
        }
        What::SearchLatency { gateway: true, url, .. } => search::on_site(&workspace, &site, url),
        What::SearchLatency { stories, .. } => search::latency(&workspace, stories),
        What::AskQuality { questions, each, url } => {
            ask::quality(&workspace, &site, url, questions, each).await
        }
        What::AskLoad { load, url } => ask::load(&workspace, &site, url, load).await,
        What::Tabs => load::run(&workspace, "bench-tabs.mjs", &[]).await,
    }
}

/// Returns the remote that is measured: the one at `/`, which people see first.
fn subject(workspace: &Workspace) -> anyhow::Result<Bundled> {
    let first = |remote: &Bundled| remote.facts.routes.iter().any(|route| route.path == "/");
    workspace.remotes()?.into_iter().find(first).context("this checkout has no remote at `/`")
}

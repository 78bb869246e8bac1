//! `publish`: puts a version into the registry, where nobody sees it until it is released.

use contract::Descriptor;
use registry::{Bundle, SigningKey};

use crate::{
    build::{Builder, BuiltRemote},
    cli::Site,
    cmd::remote_here,
    releases::{self, Releases},
    signing,
    term::{self, Step},
    workspace::Workspace,
};

/// Build one remote and put it into the registry
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The remote's name
    remote: String,
    /// The version to publish it as [default: the one in Cargo.toml]
    #[arg(long)]
    version: Option<String>,
    /// Print the descriptor as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let Args { remote, version, json } = args;
    let workspace = Workspace::find()?;
    let bundled = remote_here(&workspace, &remote)?;
    let version = version.unwrap_or_else(|| bundled.version.clone());
    releases::check_version(&version)?;
    let releases = releases::open(Some(&workspace), &site)?;
    let key = signing::key(Some(&workspace), &site).await?;
    let built = Builder::new(&workspace)?.remote(&bundled, &version)?;
    let published = releases.descriptor(&remote, &version).await?;
    let descriptor = match published {
        Some(published) if same(&published, &built.descriptor) => {
            term::note(&format!("{remote} {version} was published before, with the same bytes"));
            published
        }
        // Published with other bytes: the registry refuses and says why.
        _ => publish(&*releases, &built, &key).await?,
    };
    if json {
        return term::json(&descriptor);
    }
    let next = format!("`cargo asterism release {remote} {version}` makes it live");
    term::say(&format!("{remote} {version} is published; {next}"));
    Ok(())
}

/// Signs a built remote and puts it into the registry.
pub(crate) async fn publish(
    releases: &dyn Releases,
    built: &BuiltRemote,
    key: &SigningKey,
) -> anyhow::Result<Descriptor> {
    let Descriptor { name, version, .. } = &built.descriptor;
    let step = Step::begin(format!("Publishing {name} {version}"));
    let bundle = signing::sign(Bundle::read_dir(&built.dir)?, key)?;
    let descriptor = releases.publish(&bundle).await?;
    step.done("");
    Ok(descriptor)
}

/// Tells whether two versions have the same bytes.
pub(crate) fn same(a: &Descriptor, b: &Descriptor) -> bool {
    (&a.files, &a.routes, &a.apis, &a.contract) == (&b.files, &b.routes, &b.apis, &b.contract)
}

//! `publish`: puts a version into the registry, where nobody sees it until it is released.

use std::path::{Path, PathBuf};

use anyhow::Context;
use contract::Descriptor;
use registry::{Bundle, SigningKey};

use crate::{
    build::{Builder, BuiltRemote},
    cli::Site,
    cmd::remote_here,
    failure::Failure,
    releases::{self, Releases},
    signing,
    term::{self, Step},
    workspace::Workspace,
};

/// Put a signed version of one remote into the registry
///
/// Builds it from the checkout, or takes a folder that was built elsewhere, with anything.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The remote's name
    #[arg(required_unless_present = "from")]
    remote: Option<String>,
    /// The version to publish it as [default: the one in Cargo.toml]
    #[arg(long, conflicts_with = "from")]
    version: Option<String>,
    /// Take this folder as it is: a bundle of any framework with remote.json (see `describe`)
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// Print the descriptor as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let Args { remote, version, from, json } = args;
    let descriptor = match from {
        Some(dir) => prebuilt(&dir, remote.as_deref(), &site).await?,
        None => from_checkout(&remote.unwrap_or_default(), version, &site).await?,
    };
    if json {
        return term::json(&descriptor);
    }
    let Descriptor { name, version, .. } = descriptor;
    let next = format!("`cargo asterism release {name} {version}` makes it live");
    term::say(&format!("{name} {version} is published; {next}"));
    Ok(())
}

async fn from_checkout(
    remote: &str,
    version: Option<String>,
    site: &Site,
) -> anyhow::Result<Descriptor> {
    let workspace = Workspace::find()?;
    let bundled = remote_here(&workspace, remote)?;
    let version = version.unwrap_or_else(|| bundled.version.clone());
    releases::check_version(&version)?;
    let releases = releases::open(Some(&workspace), site)?;
    let key = signing::key(Some(&workspace), site).await?;
    let built = Builder::new(&workspace)?.remote(&bundled, &version)?;
    match releases.descriptor(remote, &version).await? {
        Some(published) if same(&published, &built.descriptor) => Ok(before(published)),
        // Published with other bytes: the registry refuses and says why.
        _ => publish(&*releases, &built, &key).await,
    }
}

/// Publishes a folder. One that is signed already stays so: whoever built it may be the only one who can.
async fn prebuilt(dir: &Path, remote: Option<&str>, site: &Site) -> anyhow::Result<Descriptor> {
    let workspace = Workspace::find().ok();
    let advice =
        "`cargo asterism describe --from DIR …` writes remote.json for a folder that was built";
    let bundle = Bundle::read_dir(dir)
        .context(Failure::new(format!("{} is no bundle", dir.display()), advice))?;
    let descriptor: Descriptor = serde_json::from_slice(&bundle.descriptor)
        .context(Failure::new(format!("{}/remote.json cannot be read", dir.display()), advice))?;
    let name = &descriptor.name;
    if let Some(remote) = remote.filter(|remote| remote != name) {
        let what = format!("{} holds `{name}`, not `{remote}`", dir.display());
        return Err(Failure::usage(what, "leave the name out, or name another folder").into());
    }
    let releases = releases::open(workspace.as_ref(), site)?;
    match releases.descriptor(name, &descriptor.version).await? {
        Some(published) if same(&published, &descriptor) => Ok(before(published)),
        _ if bundle.signature.is_some() && site.sign_key.is_none() => {
            store(&*releases, &descriptor, bundle).await
        }
        _ => {
            let key = signing::key(workspace.as_ref(), site).await?;
            store(&*releases, &descriptor, signing::sign(bundle, &key)?).await
        }
    }
}

fn before(published: Descriptor) -> Descriptor {
    let Descriptor { name, version, .. } = &published;
    term::note(&format!("{name} {version} was published before, with the same bytes"));
    published
}

/// Signs a built remote and puts it into the registry.
pub(crate) async fn publish(
    releases: &dyn Releases,
    built: &BuiltRemote,
    key: &SigningKey,
) -> anyhow::Result<Descriptor> {
    let bundle = signing::sign(Bundle::read_dir(&built.dir)?, key)?;
    store(releases, &built.descriptor, bundle).await
}

async fn store(
    releases: &dyn Releases,
    descriptor: &Descriptor,
    bundle: Bundle,
) -> anyhow::Result<Descriptor> {
    let Descriptor { name, version, files, .. } = descriptor;
    let bytes: u64 = files.values().map(|file| file.bytes).sum();
    let step = Step::begin(format!("Publishing {name} {version}"));
    step.detail(&format!("{} KB", bytes / 1000));
    let descriptor = releases.publish(&bundle).await?;
    step.done(&format!("{} KB in {}", bytes / 1000, term::count(bundle.files.len(), "file")));
    Ok(descriptor)
}

/// Tells whether two versions have the same bytes.
pub(crate) fn same(a: &Descriptor, b: &Descriptor) -> bool {
    (&a.files, &a.routes, &a.apis, &a.contract) == (&b.files, &b.routes, &b.apis, &b.contract)
}

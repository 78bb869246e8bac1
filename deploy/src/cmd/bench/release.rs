//! How long a team waits: from a built remote to live, through a gateway's HTTP API.

use std::time::Instant;

use registry::ReleaseRequest;

use super::{gateways::Gateways, numbers::Numbers, subject};
use crate::{
    build::{Builder, host::Profile},
    cmd::publish,
    term,
    workspace::Workspace,
};

const RUNS: u32 = 9;

pub(super) async fn run(workspace: &Workspace, profile: Profile) -> anyhow::Result<()> {
    let builder = Builder::new(workspace)?;
    let remote = subject(workspace)?;
    let gateways = Gateways::start(workspace, &builder, profile, 1, &[]).await?;
    let (mut publishing, mut releasing, mut both) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..RUNS {
        let version = format!("0.9.{n}");
        let built = builder.remote(&remote, &version)?;
        let begun = Instant::now();
        publish::publish(&*gateways.releases, &built, &gateways.key).await?;
        publishing.push(begun.elapsed());
        let released = Instant::now();
        let request = request(&remote.facts.name, &version);
        gateways.releases.release(&request, None).await?;
        releasing.push(released.elapsed());
        both.push(begun.elapsed());
    }
    let name = &remote.facts.name;
    for (what, values) in [("publish", publishing), ("release", releasing), ("both", both)] {
        let spread = Numbers::new(values).spread();
        term::say(&format!("{name}, {what} over HTTP ({}): {spread}", profile.name()));
    }
    gateways.stop().await
}

/// Asks for a release.
pub(super) fn request(remote: &str, version: &str) -> ReleaseRequest {
    let (remote, version) = (remote.to_owned(), version.to_owned());
    ReleaseRequest {
        remote,
        version,
        reason: "a benchmark".to_owned(),
        ..ReleaseRequest::default()
    }
}

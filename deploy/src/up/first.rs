//! The first versions of a new site.
//!
//! What an operator chose afterwards is never changed here, and a version of a remote that is live
//! already is not published in passing: that would freeze work that is half done.

use contract::{Descriptor, Release};
use registry::{ReleaseRequest, SigningKey};

use crate::{
    build::BuiltRemote,
    cmd::publish,
    failure::Failure,
    releases::{self, Releases},
    term,
};

/// Publishes and releases every remote that was never released; says where the checkout differs from what
/// is live.
pub(crate) async fn release(
    releases: &dyn Releases,
    remotes: &[BuiltRemote],
    key: &SigningKey,
) -> anyhow::Result<()> {
    let manifest = releases.manifest().await?;
    for built in remotes {
        let Descriptor { name, version, .. } = &built.descriptor;
        match manifest.remotes.get(name) {
            None => first(releases, built, key).await?,
            Some(live) if live.active.signed.is_none() => return Err(unsigned(name).into()),
            Some(live) if has_bytes_of(&live.active, &built.descriptor) => {}
            Some(live) => {
                let published: Vec<String> =
                    releases.versions(name).await?.into_iter().map(|v| v.version).collect();
                let (live, next) = (&live.active.version, next(&published, version));
                term::note(&format!(
                    "{name} {live} is live with other bytes than your checkout; \
                     `cargo asterism release {name} {next}` puts yours live"
                ));
            }
        }
    }
    Ok(())
}

fn unsigned(name: &str) -> Failure {
    let what =
        format!("{name} was released before remotes were signed, and pages load nothing unsigned");
    Failure::new(what, "choose a new data folder with --data, or delete the registry in this one")
}

async fn first(
    releases: &dyn Releases,
    built: &BuiltRemote,
    key: &SigningKey,
) -> anyhow::Result<()> {
    let Descriptor { name, version, .. } = &built.descriptor;
    if releases.descriptor(name, version).await?.is_none() {
        publish::publish(releases, built, key).await?;
    }
    let (remote, version) = (name.clone(), version.clone());
    let (reason, who) = ("first version".to_owned(), releases::who());
    let request = ReleaseRequest { remote, version, percent: None, reason, who };
    releases.release(&request, None).await.map(drop)
}

fn has_bytes_of(live: &Release, built: &Descriptor) -> bool {
    (&live.files, &live.routes, &live.apis, &live.contract)
        == (&built.files, &built.routes, &built.apis, &built.contract)
}

/// Returns the version to suggest: the checkout's, or the next patch after all that are taken.
fn next(published: &[String], version: &str) -> String {
    if !published.iter().any(|taken| taken == version) {
        return version.to_owned();
    }
    let parse = |version: &String| semver::Version::parse(version).ok();
    let highest = published.iter().filter_map(parse).max();
    highest.map_or_else(
        || version.to_owned(),
        |v| semver::Version::new(v.major, v.minor, v.patch + 1).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_suggested_version_is_never_a_taken_one() {
        for (published, version, expected) in [
            (&["0.1.0"][..], "0.1.0", "0.1.1"),
            (&["0.1.0", "0.1.1"], "0.1.0", "0.1.2"),
            (&["0.1.0"], "0.2.0", "0.2.0"),
            (&["0.9.0", "0.10.0"], "0.9.0", "0.10.1"),
        ] {
            let published: Vec<String> = published.iter().map(|v| (*v).to_owned()).collect();
            assert_eq!(next(&published, version), expected, "{published:?} {version}");
        }
    }
}

//! Whether every version that a page may load can be loaded: signed by a key that pages believe, fit for the
//! host, and with all files as they were released.

use anyhow::{Context, ensure};
use bytes::Bytes;
use contract::{Descriptor, Manifest, Release, Role, TrustedKey, misfit};
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::{Client, Url};

use super::Finding;

/// Files that are asked for at once.
const AT_ONCE: usize = 8;

pub(super) async fn look(
    client: &Client,
    site: &Url,
    manifest: &Manifest,
    trust: &[TrustedKey],
) -> Vec<Finding> {
    let mut found = Vec::new();
    if manifest.remotes.is_empty() {
        let advice = "`cargo asterism release <remote> <version>`";
        found.push(Finding::note("remotes", "none is released", advice));
    }
    for (name, state) in &manifest.remotes {
        for (role, release) in state.loadable() {
            let about = format!("{name} {} ({})", release.version, word(role));
            let checked = check(client, site, &manifest.host_contract, trust, name, release).await;
            found.push(match checked {
                Ok(()) => Finding::ok(&about, format!("{} files, signed", release.files.len())),
                Err(error) => Finding::wrong(&about, format!("{error:#}"), advice(role)),
            });
        }
    }
    found
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Active => "active",
        Role::Trial => "trial",
        Role::Previous => "previous",
    }
}

fn advice(role: Role) -> &'static str {
    match role {
        Role::Previous => "release a version that is whole, so that pages have one to fall back to",
        Role::Active | Role::Trial => {
            "`cargo asterism rollback` it, or publish and release it under a new version"
        }
    }
}

async fn check(
    client: &Client,
    site: &Url,
    host: &str,
    trust: &[TrustedKey],
    name: &str,
    release: &Release,
) -> anyhow::Result<()> {
    if let Some(misfit) = misfit(&release.contract, host) {
        let contract = &release.contract;
        anyhow::bail!("it needs contract {contract}, the host offers {host}: {}", misfit.advice());
    }
    let bytes = fetch(client, site, &release.url(registry::DESCRIPTOR)).await?;
    registry::verify(trust, name, &bytes, release.signed.as_ref())
        .map_err(|why| anyhow::anyhow!("pages refuse it: {}", why.text()))?;
    let signed: Descriptor =
        serde_json::from_slice(&bytes).context("its remote.json is damaged")?;
    ensure!(
        Release::from_descriptor(signed, release.signed.clone()) == *release,
        "the manifest says something else than its signed remote.json"
    );
    stream::iter(&release.files)
        .map(Ok::<_, anyhow::Error>)
        .try_for_each_concurrent(AT_ONCE, |(file, info)| async move {
            let bytes = fetch(client, site, &release.url(file)).await?;
            ensure!(
                registry::integrity(&bytes) == info.integrity,
                "{file} has other bytes than were released"
            );
            Ok(())
        })
        .await
}

async fn fetch(client: &Client, site: &Url, path: &str) -> anyhow::Result<Bytes> {
    let answer = client.get(site.join(path)?).send().await?;
    let status = answer.status();
    ensure!(status.is_success(), "{path} is {status}");
    Ok(answer.bytes().await?)
}

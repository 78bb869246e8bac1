//! What a running site answers, looked at from outside as a browser would.

use std::time::Duration;

use anyhow::{Context, ensure};
use contract::{Manifest, PAGE_ELEMENT, PageConfig, REVISION};
use reqwest::{Client, Url, header::ACCEPT};

use super::{Finding, bundles};
use crate::up::state::Running;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks at the site behind a URL, and at its processes when they run here.
pub(crate) async fn look(url: &str, running: Option<&Running>) -> anyhow::Result<Vec<Finding>> {
    let site = Url::parse(url)?;
    let client = Client::builder().timeout(PATIENCE).build()?;
    let mut found = vec![gateway(&client, &site).await];
    for process in running.iter().flat_map(|site| &site.processes) {
        if process.name != "gateway" {
            found.push(service(&client, &process.name, process.port).await);
        }
    }
    let page = page(&client, &site).await;
    found.push(match &page {
        Ok(page) if page.trust.is_empty() => Finding::wrong(
            "trust root",
            "pages believe no key, so they load no remote",
            "deploy trust.json with the shell: `cargo asterism key trust-root`",
        ),
        Ok(page) => {
            let keys: Vec<_> = page.trust.iter().map(|key| key.id.as_str()).collect();
            Finding::ok("trust root", keys.join(", "))
        }
        Err(error) => {
            Finding::wrong("page", format!("{error:#}"), "deploy the shell of this gateway")
        }
    });
    match manifest(&client, &site).await {
        Err(error) => {
            let advice = "check that the gateway can read its registry";
            found.push(Finding::wrong("manifest", format!("{error:#}"), advice));
        }
        Ok(manifest) => {
            let what = format!("revision {}, {}", manifest.revision, manifest.released_at);
            found.push(Finding::ok("manifest", what));
            let trust = page.map(|page| page.trust).unwrap_or_default();
            found.extend(bundles::look(&client, &site, &manifest, &trust).await);
        }
    }
    found.push(events(&client, &site).await);
    Ok(found)
}

async fn gateway(client: &Client, site: &Url) -> Finding {
    let advice = "read the gateway's log, or start it: `cargo asterism up`";
    match ready(client, site.as_str()).await {
        Ok(()) => Finding::ok("gateway", format!("ready at {site}")),
        Err(error) => Finding::wrong("gateway", format!("{error:#}"), advice),
    }
}

async fn service(client: &Client, name: &str, port: u16) -> Finding {
    let about = format!("service {name}");
    match ready(client, &format!("http://127.0.0.1:{port}/")).await {
        Ok(()) => Finding::ok(&about, format!("ready on port {port}")),
        Err(error) => {
            let advice = format!("read logs/{name}.log in the data");
            Finding::wrong(&about, format!("{error:#}"), &advice)
        }
    }
}

async fn ready(client: &Client, base: &str) -> anyhow::Result<()> {
    let url = Url::parse(base)?.join("/readyz")?;
    let answer = client.get(url).send().await.context("it does not answer")?;
    let status = answer.status();
    ensure!(status.is_success(), "it is not ready ({status}): {}", answer.text().await?);
    Ok(())
}

async fn manifest(client: &Client, site: &Url) -> anyhow::Result<Manifest> {
    let answer = client.get(site.join("/manifest.json")?).send().await?.error_for_status()?;
    serde_json::from_slice(&answer.bytes().await?).context("it is no manifest of this contract")
}

/// Returns what the site tells its pages.
async fn page(client: &Client, site: &Url) -> anyhow::Result<PageConfig> {
    let request = client.get(site.join("/")?).header(ACCEPT, "text/html");
    let html = request.send().await?.error_for_status()?.text().await?;
    told(&html)
}

fn told(html: &str) -> anyhow::Result<PageConfig> {
    let mark = format!(r#"id="{PAGE_ELEMENT}">"#);
    let (_, rest) = html.split_once(&mark).context("the page does not say what it believes")?;
    let (json, _) = rest.split_once("</script>").context("the page is cut off")?;
    serde_json::from_str(json).context("the page does not say what it believes")
}

/// Waits for the first event, which tells the current revision.
async fn events(client: &Client, site: &Url) -> Finding {
    let advice = "a proxy before the gateway must not buffer /manifest/events; tabs poll meanwhile";
    let first = async {
        let url = site.join("/manifest/events")?;
        let mut answer = client.get(url).send().await?.error_for_status()?;
        let mut text = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            text.extend_from_slice(&chunk);
            if String::from_utf8_lossy(&text).contains(&format!("event: {REVISION}\n")) {
                return Ok(());
            }
        }
        anyhow::bail!("the stream ended without an event")
    };
    match tokio::time::timeout(PATIENCE, first).await {
        Ok(Ok(())) => Finding::ok("events", "open tabs hear of releases"),
        Ok(Err(error)) => Finding::wrong("events", format!("{error:#}"), advice),
        Err(_) => Finding::wrong("events", "no event came", advice),
    }
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn what_a_page_believes_is_read() {
        let json = r#"{"trust":[],"override_origins":["http://localhost:*"],"bucket":7}"#;
        let element =
            format!(r#"<script type="application/json" id="asterism-page">{json}</script>"#);
        assert_eq!(told(&format!("<html>{element}<p>")).unwrap().bucket, 7);
        for bad in ["<html>", r#"<script id="asterism-page">{"bucket":1}"#] {
            assert!(told(bad).is_err(), "{bad}");
        }
    }
}

//! The registry behind a gateway, `/registry/v1`.

use std::{path::Path, time::Duration};

use anyhow::Context;
use bytes::Bytes;
use contract::{Descriptor, Manifest, Problem};
use registry::{
    Bundle, GcReport, GcRequest, Pools, PoolsRevision, ReleaseRequest, RemoteSummary, Revision,
    RollbackRequest, SwitchRequest, VersionOutcomes, VersionSummary,
};
use reqwest::{
    Client, RequestBuilder, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderValue, IF_MATCH},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{Answer, Releases};
use crate::failure::Failure;

/// How long an upload may take; the gateway compresses every file before it answers.
const UPLOAD: Duration = Duration::from_secs(300);

pub(super) struct Http {
    client: Client,
    base: Url,
    key: Option<String>,
}

/// Returns the key that `up` made, for a gateway on this machine; it is sent nowhere else.
pub(super) fn own_key(location: &str, data: &Path) -> Option<String> {
    let url = Url::parse(location).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']);
    let here =
        host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    let key = here.then(|| std::fs::read_to_string(data.join(crate::up::KEY)).ok()).flatten()?;
    Some(key.trim().to_owned())
}

impl Http {
    pub(super) fn new(location: &str, key: Option<String>) -> anyhow::Result<Self> {
        let base = Url::parse(location).map_err(|error| {
            let what = format!("`{location}` is no URL of a gateway: {error}");
            Failure::usage(what, "--registry http://127.0.0.1:8080")
        })?;
        let timeout = Duration::from_secs(30);
        Ok(Self { client: Client::builder().timeout(timeout).build()?, base, key })
    }

    fn url(&self, path: &str) -> anyhow::Result<Url> {
        Ok(self.base.join(path)?)
    }

    /// `None` is 404.
    async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<Option<T>> {
        match self.send(self.client.get(self.url(path)?)).await? {
            (StatusCode::NOT_FOUND, _) => Ok(None),
            (status, body) => self.read(status, &body).map(Some),
        }
    }

    async fn list<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<Vec<T>> {
        Ok(self.get(path).await?.unwrap_or_default())
    }

    async fn change<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        expected: Option<u64>,
    ) -> anyhow::Result<T> {
        let mut request = self.client.post(self.url(path)?).json(body);
        if let Some(revision) = expected {
            request = request.header(IF_MATCH, HeaderValue::try_from(format!("\"{revision}\""))?);
        }
        let (status, body) = self.send(request).await?;
        self.read(status, &body)
    }

    async fn send(&self, mut request: RequestBuilder) -> anyhow::Result<(StatusCode, Bytes)> {
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let answer = request.send().await.context(Failure::new(
            format!("cannot reach the gateway at {}", self.base),
            "start it with `cargo asterism up`, or check the URL",
        ))?;
        Ok((answer.status(), answer.bytes().await?))
    }

    fn read<T: DeserializeOwned>(&self, status: StatusCode, body: &[u8]) -> anyhow::Result<T> {
        if status.is_success() {
            return serde_json::from_slice(body)
                .with_context(|| format!("{} does not answer as a gateway does", self.base));
        }
        let problem: Option<Problem> = serde_json::from_slice(body).ok();
        let what = match problem {
            Some(problem) if !problem.detail.is_empty() => problem.detail,
            Some(problem) => problem.title,
            None => format!("the gateway answered {status}"),
        };
        Err(Failure::new(what, advice(status)).into())
    }
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "give a key that may do this: --key or ASTERISM_KEY"
        }
        StatusCode::PRECONDITION_FAILED => {
            "look at `cargo asterism history` or `cargo asterism pool list`, then decide again"
        }
        _ => "",
    }
}

impl Releases for Http {
    fn manifest(&self) -> Answer<'_, Manifest> {
        Box::pin(async {
            self.get("/manifest.json").await?.context("the gateway has no /manifest.json")
        })
    }

    fn remotes(&self) -> Answer<'_, Vec<RemoteSummary>> {
        Box::pin(self.list("/registry/v1/remotes"))
    }

    fn versions<'a>(&'a self, remote: &'a str) -> Answer<'a, Vec<VersionSummary>> {
        Box::pin(async move { self.list(&format!("/registry/v1/remotes/{remote}/versions")).await })
    }

    fn descriptor<'a>(
        &'a self,
        remote: &'a str,
        version: &'a str,
    ) -> Answer<'a, Option<Descriptor>> {
        Box::pin(async move { self.get(&format!("/remotes/{remote}/{version}/remote.json")).await })
    }

    fn revisions(&self, before: Option<u64>, limit: usize) -> Answer<'_, Vec<Revision>> {
        Box::pin(async move {
            let before = before.map(|before| format!("&before={before}")).unwrap_or_default();
            self.list(&format!("/registry/v1/revisions?limit={limit}{before}")).await
        })
    }

    fn publish<'a>(&'a self, bundle: &'a Bundle) -> Answer<'a, Descriptor> {
        Box::pin(async {
            let Descriptor { name, version, .. } = serde_json::from_slice(&bundle.descriptor)
                .context("the bundle's remote.json cannot be read")?;
            let url = self.url(&format!("/registry/v1/remotes/{name}/versions/{version}"))?;
            let request = self.client.put(url).timeout(UPLOAD);
            let request = request.header(CONTENT_TYPE, "application/zstd");
            let (status, body) = self.send(request.body(bundle.to_archive()?)).await?;
            self.read(status, &body)
        })
    }

    fn gc<'a>(&'a self, request: &'a GcRequest) -> Answer<'a, GcReport> {
        Box::pin(async {
            let request = self.client.post(self.url("/registry/v1/gc")?).json(request);
            let (status, body) = self.send(request).await?;
            self.read(status, &body)
        })
    }

    fn outcomes(&self) -> Answer<'_, Option<Vec<VersionOutcomes>>> {
        Box::pin(self.get("/registry/v1/outcomes"))
    }

    fn release<'a>(
        &'a self,
        request: &'a ReleaseRequest,
        expected: Option<u64>,
    ) -> Answer<'a, Revision> {
        Box::pin(self.change("/registry/v1/releases", request, expected))
    }

    fn rollback<'a>(
        &'a self,
        request: &'a RollbackRequest,
        expected: Option<u64>,
    ) -> Answer<'a, Revision> {
        Box::pin(self.change("/registry/v1/rollbacks", request, expected))
    }

    fn pools(&self) -> Answer<'_, Pools> {
        Box::pin(async {
            self.get("/registry/v1/pools").await?.context("the gateway has no /registry/v1/pools")
        })
    }

    fn switch<'a>(
        &'a self,
        request: &'a SwitchRequest,
        expected: Option<u64>,
    ) -> Answer<'a, PoolsRevision> {
        Box::pin(self.change("/registry/v1/pools", request, expected))
    }
}

#[cfg(test)]
mod tests {
    use super::own_key;

    #[test]
    fn the_own_key_stays_on_this_machine() {
        let data = tempfile::tempdir().unwrap();
        std::fs::create_dir(data.path().join("keys")).unwrap();
        std::fs::write(data.path().join("keys/operator"), "secret\n").unwrap();
        for (location, sent) in [
            ("http://127.0.0.1:8080", true),
            ("http://localhost:1", true),
            ("http://[::1]:8080/", true),
            ("http://localhost.example.org", false),
            ("https://asterism.example.org", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(own_key(location, data.path()).is_some(), sent, "{location}");
        }
    }
}

//! The site that stories come from or go to.

use std::time::Duration;

use anyhow::Context;
use contract::Problem;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};

use crate::{cli::Site, failure::Failure, up::state, workspace::Workspace};

/// Where `up` serves when nothing else is said.
const DEFAULT: &str = "http://127.0.0.1:8080";

/// Options of verbs that talk to a site.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// The site, or its stories service [default: the one that `up` runs on the data]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

impl Target {
    /// Tells whether it is the site on this machine.
    pub(super) fn is_local(&self) -> bool {
        self.url.is_none()
    }

    /// Returns the URL of a path of the site.
    pub(super) fn url(&self, path: &str, site: &Site) -> anyhow::Result<Url> {
        let base = match &self.url {
            Some(url) => url.clone(),
            None => {
                let data = site.data_dir(Workspace::find().ok().as_ref())?;
                state::running(&data).map_or_else(|| DEFAULT.to_owned(), |running| running.url)
            }
        };
        let wrong = || {
            Failure::usage(format!("`{base}` is no URL of a site"), ["--url ", DEFAULT].concat())
        };
        let url = Url::parse(&base).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong().into());
        }
        Ok(url.join(path)?)
    }
}

/// A client that waits for a connection, but for an answer as long as it takes: an import may be long.
pub(super) fn client() -> anyhow::Result<Client> {
    Ok(Client::builder().connect_timeout(Duration::from_secs(10)).build()?)
}

/// Sends a request; any answer is one.
pub(super) async fn send(request: RequestBuilder) -> anyhow::Result<Response> {
    request.send().await.context(Failure::new(
        "the site does not answer, or the connection broke",
        "start it with `cargo asterism up`, or name another: --url",
    ))
}

/// Returns what a refusal says.
pub(super) fn refusal(status: StatusCode, body: &[u8]) -> anyhow::Error {
    let problem: Option<Problem> = serde_json::from_slice(body).ok();
    let what = match problem {
        Some(problem) if !problem.detail.is_empty() => problem.detail,
        Some(problem) => problem.title,
        None => format!("the site answered {status}"),
    };
    let advice = match status {
        StatusCode::UNAUTHORIZED => "give the editors' key: --editor-key or ASTERISM_EDITOR_KEY",
        StatusCode::FORBIDDEN => {
            "start the stories service with ASTERISM_EDITOR_KEY; `up` hands it on to its services"
        }
        StatusCode::NOT_FOUND => "check --url: there is no stories service behind it",
        _ => "",
    };
    Failure::new(what, advice).into()
}

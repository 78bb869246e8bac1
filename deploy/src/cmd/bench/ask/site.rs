//! The site that is asked.

use std::process::Stdio;

use super::super::{memory, own_site::OwnSite};
use crate::{
    cli::Site,
    term,
    up::state::{self, Running},
    workspace::Workspace,
};

/// A site, and its process when it was started here.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) url: String,
    /// What runs, where that is known.
    pub(super) running: Option<Running>,
    own: Option<OwnSite>,
}

impl Asked {
    /// Takes the site of a URL, else the one that runs on the data, else starts one.
    pub(super) async fn find(
        workspace: &Workspace,
        site: &Site,
        url: Option<String>,
    ) -> anyhow::Result<Self> {
        let running = state::running(&site.data_dir(Some(workspace))?);
        if let Some(url) = url {
            let running = running.filter(|running| running.url == url);
            return Ok(Self { url, running, own: None });
        }
        if let Some(running) = running {
            return Ok(Self { url: running.url.clone(), running: Some(running), own: None });
        }
        term::note("no site runs: starting an optimised one for this");
        let data = workspace.target.join("asterism/bench-ask");
        let own = OwnSite::start(workspace, &data, &["--release"], Stdio::inherit()).await?;
        let (url, running) = (own.url.clone(), state::running(&data));
        Ok(Self { url, running, own: Some(own) })
    }

    /// Returns the resident memory of a process of the site, in kilobytes, where that can be known.
    pub(super) fn resident(&self, name: &str) -> Option<u64> {
        let processes = &self.running.as_ref()?.processes;
        memory::resident(processes.iter().find(|process| process.name == name)?.pid?)
    }

    /// Ends a site that was started for this.
    pub(super) async fn end(self) -> anyhow::Result<()> {
        match self.own {
            Some(own) => own.end().await,
            None => Ok(()),
        }
    }
}

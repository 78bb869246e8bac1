//! Building a remote whenever something that it is made of changes.
//!
//! Contents are compared, not times, so a file that is saved unchanged builds nothing.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use anyhow::Context;
use axum::body::Bytes;
use tokio::sync::watch;

use super::{Current, Draft};
use crate::{
    build::{Builder, DraftRemote},
    failure::{self, Failure},
    fingerprint, term,
    workspace::Workspace,
};

const BETWEEN: Duration = Duration::from_millis(500);

/// A thread that builds until this is dropped.
#[derive(Debug)]
pub(crate) struct Watcher {
    _stop: SyncSender<()>,
}

impl Watcher {
    /// Starts to build the remote `name`.
    pub(crate) fn start(workspace: Workspace, name: String) -> (Self, watch::Receiver<Current>) {
        let (sender, current) = watch::channel(Current { building: true, ..Current::default() });
        let (stop, stopped) = sync_channel(0);
        // A thread, because a build blocks for as long as it takes, and ends with the process.
        thread::spawn(move || run(workspace, &name, &sender, &stopped));
        (Self { _stop: stop }, current)
    }
}

fn run(
    mut workspace: Workspace,
    name: &str,
    sender: &watch::Sender<Current>,
    stopped: &Receiver<()>,
) {
    let mut built_from = None;
    loop {
        // A file that is just being written cannot be read: the next look will.
        if let Ok(seen) = look(&workspace, name)
            && built_from.as_ref() != Some(&seen)
        {
            // The first workspace is as fresh as it can be.
            let first = built_from.is_none();
            build(&mut workspace, name, first, sender);
            built_from = Some(seen);
        }
        if stopped.recv_timeout(BETWEEN) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

fn look(workspace: &Workspace, name: &str) -> anyhow::Result<String> {
    let remote = workspace.remote(name)?.context("the remote is gone")?;
    fingerprint::of_bundle(workspace, &remote.package)
}

fn build(workspace: &mut Workspace, name: &str, first: bool, sender: &watch::Sender<Current>) {
    sender.send_modify(|current| current.building = true);
    let made = (|| {
        if !first {
            // Its dependencies may have changed too.
            *workspace = Workspace::find()?;
        }
        let gone = || Failure::new(format!("there is no remote `{name}` any more"), "");
        let remote = workspace.remote(name)?.ok_or_else(gone)?;
        Builder::new(workspace)?.draft(&remote)
    })();
    sender.send_modify(|current| {
        current.building = false;
        match made {
            Ok(draft) => {
                current.generation += 1;
                current.error = None;
                current.draft = Some(Arc::new(with_files_before(draft, current.draft.as_deref())));
            }
            Err(error) => {
                let text = failure::text(&error);
                term::note(&text);
                term::note("the last build that succeeded stays");
                current.error = Some(text.into());
            }
        }
    });
}

fn with_files_before(draft: DraftRemote, before: Option<&Draft>) -> Draft {
    let DraftRemote { descriptor, files } = draft;
    let of_last = before.into_iter().flat_map(|draft| {
        let known = draft.descriptor.files.keys();
        known.filter_map(|name| draft.files.get_key_value(name))
    });
    let mut all: std::collections::BTreeMap<_, _> =
        of_last.map(|(name, bytes)| (name.clone(), bytes.clone())).collect();
    all.extend(files.into_iter().map(|(name, bytes)| (name, Bytes::from(bytes))));
    Draft { descriptor, files: all }
}

#[cfg(test)]
mod tests {
    use super::with_files_before;
    use crate::dev::server::sample;

    #[test]
    fn an_open_page_finds_the_files_of_the_build_before_and_of_none_earlier() {
        let mut last = None;
        for build in ["one", "two", "three"] {
            last = Some(with_files_before(sample::draft(build), last.as_ref()));
        }
        let names: Vec<String> = last.unwrap().files.into_keys().collect();
        assert_eq!(names, ["visits-three.js", "visits-two.js"]);
    }
}

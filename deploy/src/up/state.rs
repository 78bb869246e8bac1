//! Which processes run, in `up.json`, and that only one site runs on a data folder, by `up.lock`.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use nix::{sys::signal::kill, unistd::Pid};
use serde::{Deserialize, Serialize};

use crate::{failure::Failure, process};

const STATE: &str = "up.json";
const LOCK: &str = "up.lock";
/// How long processes of a killed run may take to notice that they are alone.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Running {
    /// The supervisor's.
    pub(crate) pid: u32,
    /// Where people find it.
    pub(crate) url: String,
    /// The gateway's.
    pub(crate) port: u16,
    /// Whether every process is ready.
    pub(crate) ready: bool,
    pub(crate) processes: Vec<Process>,
}

/// One process of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Process {
    /// The domain, or `gateway`.
    pub(crate) name: String,
    /// Absent between its end and its next start.
    pub(crate) pid: Option<u32>,
    /// The same for all of its lives.
    pub(crate) port: u16,
}

/// A data folder that is ours until this is dropped, or the process dies in whatever way.
#[derive(Debug)]
pub(crate) struct Claim {
    data: PathBuf,
    _lock: File,
}

impl Claim {
    /// Claims a data folder and makes it when missing.
    pub(crate) fn new(data: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
        let mut lock = open(data)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                lock.read_to_string(&mut pid)?;
                let what = format!("process {} runs a site on {}", pid.trim(), data.display());
                return Err(Failure::new(what, "stop it, or choose another folder: --data").into());
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        lock.set_len(0)?;
        lock.rewind()?;
        write!(lock, "{}", std::process::id())?;
        Ok(Self { data: data.to_owned(), _lock: lock })
    }

    /// Waits until what a killed run left is gone: services stop by themselves when alone, but a new one
    /// must not open the same data before.
    pub(crate) async fn wait_for_orphans(&self) {
        let Some(left) = read(&self.data) else { return };
        let pids: Vec<i32> =
            left.processes.iter().filter_map(|p| i32::try_from(p.pid?).ok()).collect();
        let alive = || pids.iter().any(|pid| kill(Pid::from_raw(*pid), None).is_ok());
        let gone = async {
            while alive() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.ok();
    }

    /// Publishes what runs.
    pub(crate) fn write(&self, running: &Running) -> anyhow::Result<()> {
        process::write(&self.data.join(STATE), serde_json::to_vec_pretty(running)?)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        fs::remove_file(self.data.join(STATE)).ok();
    }
}

/// Returns what runs on a data folder.
pub(crate) fn running(data: &Path) -> Option<Running> {
    let claimed = matches!(open(data).ok()?.try_lock(), Err(TryLockError::WouldBlock));
    claimed.then(|| read(data)).flatten()
}

fn read(data: &Path) -> Option<Running> {
    serde_json::from_slice(&fs::read(data.join(STATE)).ok()?).ok()
}

fn open(data: &Path) -> std::io::Result<File> {
    // Not truncated: it may be somebody else's.
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(data.join(LOCK))
}

#[cfg(test)]
mod tests {
    use super::{Claim, Running, running};

    #[test]
    fn a_data_folder_has_one_site_at_a_time() {
        let data = tempfile::tempdir().unwrap();
        let data = data.path().join("new");
        assert_eq!(running(&data), None);
        let claim = Claim::new(&data).unwrap();
        let site =
            Running { pid: 1, url: "http://x".into(), port: 1, ready: true, processes: vec![] };
        claim.write(&site).unwrap();
        assert_eq!(running(&data), Some(site.clone()));
        let refusal = Claim::new(&data).unwrap_err().to_string();
        assert!(refusal.starts_with(&format!("process {} runs", std::process::id())), "{refusal}");
        drop(claim);
        assert_eq!(running(&data), None);
        // A killed supervisor leaves the file, but not the lock.
        std::fs::write(data.join("up.json"), serde_json::to_vec(&site).unwrap()).unwrap();
        assert_eq!(running(&data), None);
        Claim::new(&data).unwrap();
    }
}

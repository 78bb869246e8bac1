//! One build of the shell, in memory.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::Path,
    time::SystemTime,
};

use axum::http::HeaderValue;
use bytes::Bytes;
use contract::{FileInfo, TrustedKey};
use registry::Encoding;
use serde::Deserialize;

use crate::assets::Asset;

/// Lists the files; written last by a build.
const INDEX: &str = "shell.json";

/// The keys that pages believe, a JSON array; set where the shell is deployed.
const TRUST: &str = "trust.json";

/// Tells builds apart, and what the same build is deployed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    index: (SystemTime, u64),
    trust: Option<(SystemTime, u64)>,
}

impl Stamp {
    /// Reads the stamp of what lies in `dir` now; `None` before the first build.
    pub(super) fn of(dir: &Path) -> io::Result<Option<Self>> {
        let Some(index) = changed(&dir.join(INDEX))? else { return Ok(None) };
        Ok(Some(Self { index, trust: changed(&dir.join(TRUST))? }))
    }
}

fn changed(file: &Path) -> io::Result<Option<(SystemTime, u64)>> {
    match fs::metadata(file) {
        Ok(found) => Ok(Some((found.modified()?, found.len()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The template and the files.
#[derive(Debug)]
pub(crate) struct Shell {
    pub(super) stamp: Stamp,
    pub(super) template: String,
    /// The keys that pages believe.
    pub(super) trust: Vec<TrustedKey>,
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    integrity: String,
    identity: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

#[derive(Deserialize)]
struct Index {
    files: BTreeMap<String, FileInfo>,
}

impl Shell {
    pub(super) fn load(dir: &Path, stamp: Stamp) -> io::Result<Self> {
        let index: Index = serde_json::from_slice(&fs::read(dir.join(INDEX))?)?;
        let mut files = HashMap::new();
        for (name, FileInfo { integrity, bytes: _ }) in index.files {
            let identity = fs::read(dir.join(&name))?.into();
            let brotli = smaller(dir, &name, Encoding::Brotli)?;
            let gzip = smaller(dir, &name, Encoding::Gzip)?;
            files.insert(name, File { integrity, identity, brotli, gzip });
        }
        let template = fs::read_to_string(dir.join("index.html"))?;
        let trust = trust(&dir.join(TRUST))?;
        // Raw, it would be a page without nonce and policy.
        files.remove("index.html");
        Ok(Self { stamp, template, trust, files })
    }

    /// Returns how many files there are.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns a file in the first of the accepted codings that it is there in.
    pub(super) fn asset(
        &self,
        name: &str,
        cache: HeaderValue,
        accepted: Vec<Encoding>,
    ) -> Option<Asset> {
        let File { integrity, identity, brotli, gzip } = self.files.get(name)?;
        let form = |encoding| match encoding {
            Encoding::Identity => Some(identity),
            Encoding::Brotli => brotli.as_ref(),
            Encoding::Gzip => gzip.as_ref(),
        };
        let (encoding, bytes) = accepted
            .into_iter()
            .find_map(|encoding| Some((encoding, form(encoding)?)))
            .unwrap_or((Encoding::Identity, identity));
        Some(Asset::new(name, bytes.clone(), encoding, integrity, cache))
    }
}

/// Reads the trust root. Without one pages load no remote at all: that fails closed, but must be said.
fn trust(file: &Path) -> io::Result<Vec<TrustedKey>> {
    match fs::read(file) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let file = file.display();
            tracing::warn!(%file, "no trust root: pages will refuse every remote; deploy one with the shell");
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

fn smaller(dir: &Path, name: &str, encoding: Encoding) -> io::Result<Option<Bytes>> {
    match fs::read(dir.join([name, encoding.suffix()].concat())) {
        Ok(bytes) => Ok(Some(bytes.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

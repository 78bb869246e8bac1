//! `build api-gateway`: a build that counts, a load for it, and a build by the counts.
//!
//! The load is that of `bench soak`, so that what is measured by `bench edge` is not what was trained for.

use std::{fs, path::PathBuf, process::Command};

use anyhow::Context;

use crate::{
    build::host::{self, Profile},
    cmd::bench::edge::{Mixture, exercise},
    process,
    term::Step,
    tools::{Cache, llvm},
    workspace::{GATEWAY, Workspace},
};

/// Where the gateway writes its counts when it ends, for the compiler's runtime.
const COUNTED: &str = "LLVM_PROFILE_FILE";
/// The load: a quarter of an hour's worth.
const LOAD: Mixture = Mixture { minutes: 15, rate: 100 };

/// Builds the gateway by what it does under load, and returns its program.
pub(super) async fn train(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let merge = llvm::ensure(workspace, &Cache::find()?)?;
    let counts = host::counts(workspace);
    let trained = counts.parent().context("the target folder has no folder")?;
    if trained.exists() {
        fs::remove_dir_all(trained)
            .with_context(|| format!("cannot empty {}", trained.display()))?;
    }
    let raw = trained.join("raw");
    fs::create_dir_all(&raw)?;
    let file = raw.join("%p.profraw").to_string_lossy().into_owned();
    exercise(workspace, Profile::Counting, &LOAD, &[(COUNTED, file)], |_| Ok(())).await?;
    let step = Step::begin("Merging what was counted");
    let mut command = Command::new(merge);
    command.args(["merge", "--output"]).arg(&counts).arg(&raw);
    process::run(&step, command, &workspace.target.join("asterism/logs/counts.log"))?;
    step.done("");
    host::build_gateway(workspace, Profile::Trained)?;
    Ok(host::program(workspace, Profile::Trained, GATEWAY))
}

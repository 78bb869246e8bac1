//! What is added to the Rust toolchain that the workspace uses.

use std::process::Command;

use super::Cache;
use crate::{failure::Failure, process, term::Step, workspace::Workspace};

/// Adds something by `rustup <kind> add <name>`, said to be `what` and for `purpose`, unless it is there.
///
/// # Errors
/// There is no rustup, it fails, or what it added is not found.
pub(super) fn ensure<T>(
    workspace: &Workspace,
    cache: &Cache,
    [kind, name]: [&str; 2],
    [what, purpose]: [&str; 2],
    find: impl Fn() -> Option<T>,
) -> anyhow::Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let _lock = cache.lock()?;
    let wanted = || {
        let missing = format!("{what}: not in the Rust toolchain, and needed {purpose}");
        let advice = "install it with what installed Rust, or use https://rustup.rs";
        Failure::new(missing, advice)
    };
    if process::find("rustup").is_none() {
        return Err(wanted().into());
    }
    let step = Step::begin(format!("Installing {what}, {purpose} (seconds)"));
    let mut command = Command::new("rustup");
    command.args([kind, "add", name]).current_dir(&workspace.root);
    process::run(&step, command, &cache.log(&format!("rust-{kind}")))?;
    step.done("");
    find().ok_or_else(|| wanted().into())
}

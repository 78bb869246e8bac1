//! Compiling a package for browsers.

use std::{
    ffi::{OsStr, OsString},
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::Context;

use super::Speed;
use crate::{
    failure::Failure,
    package::Dist,
    process,
    term::Step,
    tools::BuildTools,
    workspace::{Bundled, Workspace},
};

/// Without wasm-opt, whatever the package's `Trunk.toml` says.
const QUICK_ARGS: [&str; 2] = ["--release=false", "--cargo-profile=dev"];
/// Unoptimised code of Yew is so large that browsers take longer to load it than cargo to shrink it.
const QUICK_SETTINGS: [(&str, &str); 2] =
    [("CARGO_PROFILE_DEV_DEBUG", "false"), ("CARGO_PROFILE_DEV_OPT_LEVEL", "1")];

/// Runs trunk and returns what it made.
pub(super) fn build(
    step: &Step,
    workspace: &Workspace,
    tools: &BuildTools,
    bundled: &Bundled,
    speed: Speed,
) -> anyhow::Result<Dist> {
    let name = &bundled.facts.name;
    let home = super::home(workspace);
    let (kind, args, settings) = match speed {
        Speed::Small => ("dist", &["--release"][..], &[][..]),
        Speed::Quick => ("dist-dev", &QUICK_ARGS[..], &QUICK_SETTINGS[..]),
    };
    let dist = home.join(kind).join(name);
    let mut command = Command::new(&tools.trunk);
    command
        .arg("build")
        .args(args)
        .arg("--dist")
        .arg(&dist)
        .envs(settings.iter().copied())
        .current_dir(&bundled.dir)
        .env("PATH", &tools.path)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .env("NO_COLOR", "true")
        .env("RUST_BACKTRACE", "0")
        // All bundles share one, so that what they have in common is compiled once. Trunk mixes the
        // JavaScript snippets of packages in one folder, which is why packaging refuses snippets.
        .env("CARGO_TARGET_DIR", workspace.target.join("wasm"))
        .env("CARGO_ENCODED_RUSTFLAGS", flags(workspace, speed));
    process::run(step, command, &home.join("logs").join(name).with_extension("log"))?;
    Dist::read(&dist)
}

/// Functions up to this cost (LLVM's measure) are put where they are called. `opt-level = "z"` has 5; with 30 a
/// bundle compresses better by 4 KB of 100 (brotli), with 50 and more it grows. Measured on ask.
const INLINE: &str = "-Cllvm-args=-inline-threshold=30";

/// What rustc is told, besides the profile.
fn flags(workspace: &Workspace, speed: Speed) -> OsString {
    let mut flags: Vec<OsString> = remapped(workspace);
    if speed == Speed::Small {
        flags.push(INLINE.into());
    }
    flags.join(OsStr::new("\u{1f}"))
}

/// Keeps the builder's folders out of panic messages: they are nobody's business and differ by machine.
fn remapped(workspace: &Workspace) -> Vec<OsString> {
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let folders = [(cargo, "/cargo"), (Some(workspace.root.clone()), "/site")];
    let remap = |(from, to): (Option<PathBuf>, &str)| {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(from?);
        flag.push(["=", to].concat());
        Some(flag)
    };
    folders.into_iter().filter_map(remap).collect()
}

/// Makes JavaScript or CSS shorter without changing what it does. `kind` is `js` or `css`.
pub(super) fn minify(tools: &BuildTools, kind: &str, text: &str) -> anyhow::Result<String> {
    let mut command = Command::new(&tools.esbuild);
    command.arg(format!("--loader={kind}")).args([
        "--minify",
        "--charset=utf8",
        "--legal-comments=none",
        "--log-level=error",
    ]);
    if kind == "js" {
        command.args(["--format=esm", "--target=es2022"]);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context("cannot start esbuild")?;
    let mut stdin = child.stdin.take().context("esbuild has no input")?;
    // Esbuild reads all of its input before it writes, so this cannot block both sides.
    stdin.write_all(text.as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("esbuild refuses the {kind}:\n{why}"), "").into());
    }
    String::from_utf8(output.stdout).context("esbuild wrote no text")
}

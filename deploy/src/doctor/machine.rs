//! What building, running and testing need of the machine.

use std::path::Path;

use super::Finding;
use crate::{
    process,
    tools::{self, Tool, chromium, node},
    up::ports,
    workspace::Workspace,
};

const LATER: &str = "nothing: `cargo asterism up` installs it";
/// What a cold build of everything takes, with room to run.
const DISK_GB: u64 = 6;

/// Looks at the machine. Without a checkout only what publishing and operating need.
pub(crate) fn look(workspace: Option<&Workspace>, data: &Path, runs: bool) -> Vec<Finding> {
    let mut found = vec![program("git", &["--version"], "install git")];
    if let Some(workspace) = workspace {
        found.extend(building(workspace));
        found.push(disk("disk of the build", &workspace.target));
    }
    found.push(disk("disk of the data", data));
    // With a site of ours it is taken, and should be.
    if !runs {
        found.push(port(8080));
    }
    found
}

fn building(workspace: &Workspace) -> Vec<Finding> {
    let mut found = vec![
        Finding::ok("rust", &workspace.rustc),
        program("cc", &["--version"], "install a C compiler, such as build-essential"),
        match tools::has_wasm_target(workspace) {
            true => Finding::ok("wasm target", tools::WASM_TARGET),
            false => Finding::note("wasm target", "not installed yet", LATER),
        },
    ];
    match tools::installed(workspace) {
        Ok(tools) => found.extend(tools.iter().map(tool)),
        Err(error) => {
            found.push(Finding::wrong("tools", format!("{error:#}"), "set XDG_CACHE_HOME"));
        }
    }
    found.push(node_version());
    found.push(program("npm", &["--version"], "install npm, with Node.js"));
    found.push(match chromium::find() {
        Some(path) => Finding::ok("chromium", path.display().to_string()),
        None => Finding::note(
            "chromium",
            "not found; only browser tests need it",
            "`sudo apt-get install chromium`, or set ASTERISM_CHROMIUM",
        ),
    });
    found
}

fn tool(Tool { name, wanted, found }: &Tool) -> Finding {
    match found {
        Some(found) if found == wanted => Finding::ok(name, found),
        Some(found) => Finding::note(name, format!("{found} is there, {wanted} is needed"), LATER),
        None => Finding::note(name, "not installed yet", LATER),
    }
}

fn node_version() -> Finding {
    let here = Path::new(".");
    let advice = "put Node.js 20 or later on the PATH: https://nodejs.org";
    match process::output("node", &["--version"], here) {
        None => Finding::wrong("node", "does not run", advice),
        Some(version) => match node::major_of(&version) {
            Some(major) if major >= tools::OLDEST_NODE => Finding::ok("node", version),
            _ => Finding::wrong("node", format!("{version} is too old"), advice),
        },
    }
}

fn program(name: &str, args: &[&str], advice: &str) -> Finding {
    match process::output(name, args, Path::new(".")) {
        Some(version) => Finding::ok(name, version.lines().next().unwrap_or_default()),
        None => Finding::wrong(name, "does not run", advice),
    }
}

fn disk(about: &str, dir: &Path) -> Finding {
    // The folder itself may not be there yet.
    let there = dir.ancestors().find(|dir| dir.is_dir()).unwrap_or(Path::new("/"));
    let answer = process::output("df", &["-Pk", &there.to_string_lossy()], Path::new("."));
    match answer.as_deref().and_then(free_kilobytes).map(|kilobytes| kilobytes / 1_000_000) {
        None => Finding::note(about, "`df` does not say how much is free", ""),
        Some(gb) if gb < DISK_GB => {
            let what = format!("only {gb} GB free at {}", there.display());
            Finding::wrong(about, what, &format!("make room: a cold build needs {DISK_GB} GB"))
        }
        Some(gb) => Finding::ok(about, format!("{gb} GB free at {}", there.display())),
    }
}

/// Reads the fourth column of the second line, as POSIX says.
fn free_kilobytes(df: &str) -> Option<u64> {
    df.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn port(port: u16) -> Finding {
    let about = format!("port {port}");
    match ports::choose(port) {
        Ok(_) => Finding::ok(&about, "free"),
        Err(error) => Finding::note(&about, error.to_string(), "`cargo asterism up --port 0`"),
    }
}

#[cfg(test)]
mod tests {
    use super::free_kilobytes;

    #[test]
    fn free_space_is_read() {
        let df = "Filesystem 1024-blocks Used Available Capacity Mounted on\n\
                  overlay 98831908 41 57000000 43% /\n";
        assert_eq!(free_kilobytes(df), Some(57_000_000));
        assert_eq!(free_kilobytes("df: no such file"), None);
    }
}

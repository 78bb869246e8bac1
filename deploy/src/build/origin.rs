//! Where a bundle came from, for `remote.json`.

use contract::Built;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    process,
    workspace::{Bundled, Workspace},
};

/// Returns the commit that last changed the sources and its time; `at` when they are not committed.
pub(super) fn of(workspace: &Workspace, remote: &Bundled, at: &str) -> anyhow::Result<Built> {
    let yew = workspace.locked("yew").map(|version| format!(", yew {version}")).unwrap_or_default();
    let rustc = workspace.rustc.split(" (").next().unwrap_or_default();
    let toolchain = [rustc, &yew].concat();
    let dirs = workspace.source_dirs(&remote.package)?;
    let dirs: Vec<&str> = dirs.iter().filter_map(|dir| dir.to_str()).collect();
    let git =
        |args: &[&str]| process::output("git", &[args, &["--"], &dirs].concat(), &workspace.root);
    let clean = git(&["status", "--porcelain"]).is_some_and(|changes| changes.is_empty());
    // Unix time, because only it has one spelling.
    let last = git(&["log", "-1", "--format=%H %ct"]).unwrap_or_default();
    if let (true, Some((commit, time))) = (clean, last.split_once(' '))
        && let Some(at) = time.parse().ok().and_then(rfc3339)
    {
        return Ok(Built { commit: commit.to_owned(), at, toolchain });
    }
    Ok(Built { commit: String::new(), at: at.to_owned(), toolchain })
}

/// Returns the time, RFC 3339 in UTC, to the second.
pub(crate) fn now() -> String {
    rfc3339(OffsetDateTime::now_utc().unix_timestamp()).unwrap_or_default()
}

fn rfc3339(seconds: i64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn times_are_rfc_3339() {
        assert_eq!(rfc3339(1_700_000_000).unwrap(), "2023-11-14T22:13:20Z");
    }
}

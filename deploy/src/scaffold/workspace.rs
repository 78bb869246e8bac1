//! A remote in a workspace of its own: own lock file, own Yew, nothing of this checkout.

use std::path::Path;

use super::{Naming, Template, format, lock, render, write};
use crate::{failure::Failure, term::Step};

/// All of its files, below its folder.
pub(super) const FILES: &[Template] = &[
    (".gitignore", include_str!("../../templates/workspace/gitignore.tmpl")),
    ("Cargo.toml", include_str!("../../templates/workspace/Cargo.toml.tmpl")),
    ("README.md", include_str!("../../templates/workspace/README.md.tmpl")),
    ("api/Cargo.toml", include_str!("../../templates/workspace/api/Cargo.toml.tmpl")),
    ("api/src/lib.rs", include_str!("../../templates/workspace/api/src/lib.rs.tmpl")),
    ("clippy.toml", include_str!("../../templates/workspace/clippy.toml.tmpl")),
    ("rust-toolchain.toml", include_str!("../../templates/workspace/rust-toolchain.toml.tmpl")),
    ("rustfmt.toml", include_str!("../../templates/workspace/rustfmt.toml.tmpl")),
    ("service/Cargo.toml", include_str!("../../templates/workspace/service/Cargo.toml.tmpl")),
    (
        "service/src/entries.rs",
        include_str!("../../templates/workspace/service/src/entries.rs.tmpl"),
    ),
    ("service/src/lib.rs", include_str!("../../templates/workspace/service/src/lib.rs.tmpl")),
    ("service/src/main.rs", include_str!("../../templates/workspace/service/src/main.rs.tmpl")),
    (
        "service/src/problem.rs",
        include_str!("../../templates/workspace/service/src/problem.rs.tmpl"),
    ),
    ("service/tests/api.rs", include_str!("../../templates/workspace/service/tests/api.rs.tmpl")),
    ("ui/Cargo.toml", include_str!("../../templates/workspace/ui/Cargo.toml.tmpl")),
    ("ui/Trunk.toml", include_str!("../../templates/workspace/ui/Trunk.toml.tmpl")),
    ("ui/index.html", include_str!("../../templates/workspace/ui/index.html.tmpl")),
    ("ui/src/app.rs", include_str!("../../templates/workspace/ui/src/app.rs.tmpl")),
    ("ui/src/client.rs", include_str!("../../templates/workspace/ui/src/client.rs.tmpl")),
    ("ui/src/kit.rs", include_str!("../../templates/workspace/ui/src/kit.rs.tmpl")),
    ("ui/src/kit/host.rs", include_str!("../../templates/workspace/ui/src/kit/host.rs.tmpl")),
    ("ui/src/lib.rs", include_str!("../../templates/workspace/ui/src/lib.rs.tmpl")),
    ("ui/src/lifecycle.rs", include_str!("../../templates/workspace/ui/src/lifecycle.rs.tmpl")),
    ("ui/src/main.rs", include_str!("../../templates/workspace/ui/src/main.rs.tmpl")),
    ("ui/{{name}}.css", include_str!("../../templates/workspace/ui/remote.css.tmpl")),
    (
        "ui/fixtures/get-api-{{name}}.json",
        include_str!("../../templates/workspace/ui/fixtures/list.json.tmpl"),
    ),
    (
        "ui/fixtures/get-api-{{name}}-_.json",
        include_str!("../../templates/workspace/ui/fixtures/one.json.tmpl"),
    ),
];

/// Makes the workspace in `dir`, which must be empty or not there.
pub(crate) fn make(dir: &Path, naming: &Naming) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(dir).map(Iterator::count).unwrap_or_default();
    if dir.is_file() || entries > 0 {
        let what = format!("{} is there and not empty", dir.display());
        return Err(Failure::usage(what, "choose a new folder").into());
    }
    if let Some(above) = dir.ancestors().skip(1).find(|dir| dir.join("Cargo.toml").is_file()) {
        let what =
            format!("{} is inside the package or workspace {}", dir.display(), above.display());
        let advice = "choose a folder outside of it: cargo would take the two for one";
        return Err(Failure::usage(what, advice).into());
    }
    write(dir, &render(FILES, naming)?)?;
    let step = Step::begin("Choosing the versions of its dependencies");
    lock(dir)?;
    format(dir, &["--all"]);
    step.done("");
    Ok(())
}

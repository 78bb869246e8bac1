//! What goes over the wire.

use std::collections::BTreeMap;

use crate::{
    build::weight::{Sizes, weigh},
    term,
    workspace::Workspace,
};

pub(super) fn run(workspace: &Workspace, json: bool) -> anyhow::Result<()> {
    let mut weights = weigh(workspace)?;
    weights.sort_by(|a, b| a.name.cmp(&b.name));
    if json {
        let bundles = weights.into_iter().map(|weight| (weight.name, weight.files));
        return term::json(&bundles.collect::<BTreeMap<_, _>>());
    }
    term::say(&format!("{:<44} {:>9} {:>9} {:>9}", "", "raw", "gzip", "brotli"));
    for weight in &weights {
        for (file, sizes) in &weight.files {
            row(file, *sizes);
        }
        row(&format!("{}: code", weight.name), weight.code());
        let verdict = if weight.is_within() { "within" } else { "OVER" };
        term::say(&format!("  {verdict} the budget of {} bytes\n", weight.budget));
    }
    Ok(())
}

fn row(name: &str, Sizes { raw, gzip, brotli }: Sizes) {
    term::say(&format!("  {name:<42} {raw:>9} {gzip:>9} {brotli:>9}"));
}

//! `new`: a remote that builds, passes its tests and appears in the site.

use std::path::PathBuf;

use crate::{
    scaffold::{Naming, checkout, workspace},
    term,
    workspace::Workspace,
};

/// Make a new remote, with its service and its tests
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its name: lower-case letters, digits and dashes
    name: String,
    /// What people call it [default: the name in words]
    #[arg(long)]
    title: Option<String>,
    /// The path that it stands at [default: its name]
    #[arg(long, value_name = "PATH")]
    route: Option<String>,
    /// Where in the navigation, lowest first [default: last]
    #[arg(long, value_name = "N")]
    nav_order: Option<u32>,
    /// Make a workspace of its own in this folder, instead of a slice of this checkout
    #[arg(long, value_name = "DIR")]
    out_of_tree: Option<PathBuf>,
}

pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    let Args { name, title, route, nav_order, out_of_tree } = args;
    let naming =
        |order| Naming::new(&name, title.as_deref(), route.as_deref(), nav_order.or(order));
    if let Some(dir) = out_of_tree {
        let dir = std::path::absolute(dir)?;
        workspace::make(&dir, &naming(None)?)?;
        term::say(&format!("{name} is in {}; from there:", dir.display()));
        term::say("  cargo test --workspace");
        term::say(&format!("  asterism release {name} 0.1.0 --registry <folder or URL>"));
        term::say("its README.md says the rest");
        return Ok(());
    }
    // The words first: they need no workspace.
    naming(None)?;
    let here = Workspace::find()?;
    let naming = naming(Some(checkout::last(&here)?))?;
    checkout::make(&here, &naming)?;
    term::say(&format!("{name} is in mfe-{name}, at {}; next:", naming.route));
    term::say(&format!("  cargo test -p mfe-{name}-api -p mfe-{name}-service -p mfe-{name}-ui"));
    term::say("  cargo asterism up");
    term::say(&format!("mfe-{name}/README.md says what there is to make one's own"));
    Ok(())
}

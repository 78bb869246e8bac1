//! `keygen`: a team's own signing key.

use std::path::PathBuf;

use contract::ANY_NAME;

use crate::{cli::Site, failure::Failure, signing, term, workspace::Workspace};

/// Make a key that remotes are signed with
///
/// The private half goes to a file that only its owner can read and is never replaced. The public half is
/// for whoever decides whose remotes a site runs.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file to make [default: keys/signing.key in the data]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the public half as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: Args, site: &Site) -> anyhow::Result<()> {
    let Args { out, json } = args;
    let workspace = Workspace::find().ok();
    let data = site.data_dir(workspace.as_ref())?;
    let file = out.unwrap_or_else(|| data.join(signing::KEY));
    if file.exists() {
        let what =
            format!("{} is there already, and a lost key cannot be had again", file.display());
        return Err(Failure::new(what, "choose another file: --out").into());
    }
    let public = signing::make(&file)?.trusted(vec![ANY_NAME.to_owned()]);
    if json {
        return term::json(&serde_json::json!({
            "id": public.id, "public": public.public, "file": file,
        }));
    }
    term::say(&format!("key {} is in {}", public.id, file.display()));
    term::say(&format!("public: {}", public.public));
    Ok(())
}

//! `key`: whose signatures a registry takes, and who may ask it for what.

use std::path::PathBuf;

use contract::TrustedKey;
use registry::{ApiKey, Registry, SigningKey, Verb};

use crate::{cli::Site, failure::Failure, releases::is_gateway, term, workspace::Workspace};

/// Decide whose remotes a registry takes
///
/// Works on the registry's storage itself, a folder or a URL: whoever can write there decides.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show signing keys and API keys
    List {
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Take remotes of these names that this key signed
    Trust {
        /// The public half, as `keygen` prints it
        #[arg(long, value_name = "BASE64", conflicts_with = "file")]
        public: Option<String>,
        /// A key file
        #[arg(long)]
        file: Option<PathBuf>,
        /// The remotes; `*` for all
        #[arg(long, required = true, value_delimiter = ',')]
        names: Vec<String>,
    },
    /// Take nothing new that this key signed
    Distrust {
        /// The key's id
        id: String,
    },
    /// Make an API key for a gateway and print it, once
    Issue {
        /// The remotes; `*` for all
        #[arg(long, required = true, value_delimiter = ',')]
        names: Vec<String>,
        /// What it may do
        #[arg(long, required = true, value_delimiter = ',', value_parser = verb)]
        verbs: Vec<Verb>,
        /// Who gets it, for the history
        #[arg(long)]
        who: String,
    },
    /// Let an API key in no longer
    Revoke {
        /// The key's id
        id: String,
    },
    /// Write the trust root that is deployed with a shell: the keys that its pages believe
    TrustRoot {
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

fn verb(text: &str) -> Result<Verb, String> {
    serde_json::from_value(text.into()).map_err(|_| "publish, release, rollback or gc".to_owned())
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let registry = open(&site)?;
    match args.action {
        Action::List { json } => return list(&registry, json).await,
        Action::Trust { public, file, names } => {
            let key = match (public, file) {
                (Some(public), _) => {
                    TrustedKey { id: registry::public_key_id(&public)?, public, names }
                }
                (None, Some(file)) => SigningKey::read(&file)?.trusted(names),
                (None, None) => {
                    let what = "it is not said which key";
                    return Err(Failure::usage(what, "give --public or --file").into());
                }
            };
            registry.trust(&key).await?;
            term::say(&format!("key {} may sign {}", key.id, key.names.join(", ")));
        }
        Action::Distrust { id } => {
            known(registry.distrust(&id).await?, &id)?;
            term::say(&format!(
                "nothing that key {id} signed can be published or released any more"
            ));
        }
        Action::Issue { names, verbs, who } => {
            let (key, secret) = ApiKey::new(&who, names, verbs)?;
            registry.add_api_key(&key).await?;
            term::note(&format!("key {} for {who}; it is shown only now", key.id));
            term::say(&secret);
        }
        Action::Revoke { id } => {
            known(registry.remove_api_key(&id).await?, &id)?;
            term::say(&format!("API key {id} is revoked; gateways forget it within seconds"));
        }
        Action::TrustRoot { out } => {
            let keys = registry.trusted_keys().await?;
            crate::process::write(&out, serde_json::to_vec_pretty(&keys)?)?;
            term::say(&format!("{} with {}", out.display(), term::count(keys.len(), "key")));
        }
    }
    Ok(())
}

fn open(site: &Site) -> anyhow::Result<Registry> {
    let location = match &site.registry {
        Some(location) => location.clone(),
        None => {
            let data = site.data_dir(Workspace::find().ok().as_ref())?;
            data.join("registry").to_string_lossy().into_owned()
        }
    };
    if is_gateway(&location) {
        let what = "keys are not managed through a gateway";
        return Err(Failure::usage(what, "give the registry's folder or storage URL").into());
    }
    Ok(Registry::open(&location)?)
}

async fn list(registry: &Registry, json: bool) -> anyhow::Result<()> {
    let (signing, api) = (registry.trusted_keys().await?, registry.api_keys().await?);
    if json {
        return term::json(&serde_json::json!({"signing": signing, "api": api}));
    }
    for TrustedKey { id, names, .. } in &signing {
        term::say(&format!("signing  {id}  {}", names.join(", ")));
    }
    for ApiKey { id, who, names, verbs, created_at, .. } in &api {
        let verbs: Vec<_> = verbs.iter().map(|verb| format!("{verb:?}").to_lowercase()).collect();
        let (names, verbs) = (names.join(", "), verbs.join(", "));
        term::say(&format!("api      {id}  {who}: {verbs} for {names}, since {created_at}"));
    }
    Ok(())
}

fn known(found: bool, id: &str) -> anyhow::Result<()> {
    if found {
        return Ok(());
    }
    Err(Failure::new(format!("there is no key {id}"), "look at `cargo asterism key list`").into())
}

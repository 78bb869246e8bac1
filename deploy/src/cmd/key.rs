//! `key`: whose signatures a registry takes, and who may ask it for what.

use std::path::PathBuf;

use audit::what::{KEY_ADDED, KEY_REMOVED};
use contract::TrustedKey;
use registry::{ApiKey, Registry, SigningKey, Verb};
use serde::Serialize;
use serde_json::json;

use crate::{
    cli::Site, failure::Failure, recorder::Recorder, releases::is_gateway, term,
    workspace::Workspace,
};

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
        /// Print the key as JSON
        #[arg(long)]
        json: bool,
    },
    /// Take nothing new that this key signed
    Distrust {
        /// The key's id
        id: String,
        /// Print what was done as JSON
        #[arg(long)]
        json: bool,
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
        /// Print the key and its secret as JSON
        #[arg(long)]
        json: bool,
    },
    /// Let an API key in no longer
    Revoke {
        /// The key's id
        id: String,
        /// Print what was done as JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the trust root that is deployed with a shell: the keys that its pages believe
    ///
    /// It goes into the shell's folder as trust.json. Pages believe it and nothing else, so what is trusted
    /// in the registry later reaches them with the next deployment only.
    TrustRoot {
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Only these remotes, for a site that runs no others [default: as the registry trusts]
        #[arg(long, value_delimiter = ',')]
        names: Vec<String>,
        /// Print the keys as JSON
        #[arg(long)]
        json: bool,
    },
}

fn verb(text: &str) -> Result<Verb, String> {
    serde_json::from_value(text.into())
        .map_err(|_| "publish, release, rollback, gc or switch".to_owned())
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let location = location(&site)?;
    let registry = Registry::open(&location)?;
    let recorder = Recorder::of(&site.data_dir(Workspace::find().ok().as_ref())?, &location);
    match args.action {
        Action::List { json } => list(&registry, json).await,
        Action::Trust { public, file, names, json } => {
            let key = public_half(public, file, names)?;
            registry.trust(&key).await?;
            let signs = format!("signs {}", key.names.join(", "));
            recorder.record(KEY_ADDED, &format!("signing/{}", key.id), &signs)?;
            let text = format!("key {} may sign {}", key.id, key.names.join(", "));
            tell(&key, &text, json)
        }
        Action::Distrust { id, json } => {
            known(registry.distrust(&id).await?, &id)?;
            recorder.record(KEY_REMOVED, &format!("signing/{id}"), "distrusted")?;
            let text =
                format!("nothing that key {id} signed can be published or released any more");
            tell(&json!({"distrusted": id}), &text, json)
        }
        Action::Issue { names, verbs, who, json } => {
            let (key, secret) = ApiKey::new(&who, names, verbs)?;
            registry.add_api_key(&key).await?;
            recorder.record(KEY_ADDED, &format!("api/{}", key.id), &key.summary())?;
            if json {
                return term::json(&json!({"key": key, "secret": secret}));
            }
            term::note(&format!("key {} for {who}; it is shown only now", key.id));
            term::say(&secret);
            Ok(())
        }
        Action::Revoke { id, json } => {
            known(registry.remove_api_key(&id).await?, &id)?;
            recorder.record(KEY_REMOVED, &format!("api/{id}"), "revoked")?;
            let text = format!("API key {id} is revoked; gateways forget it within seconds");
            tell(&json!({"revoked": id}), &text, json)
        }
        Action::TrustRoot { out, names, json } => {
            let keys = root(registry.trusted_keys().await?, &names);
            crate::process::write(&out, serde_json::to_vec_pretty(&keys)?)?;
            let text = format!("{} has {}", out.display(), term::count(keys.len(), "key"));
            tell(&keys, &text, json)
        }
    }
}

fn tell(value: &impl Serialize, text: &str, json: bool) -> anyhow::Result<()> {
    if json {
        return term::json(value);
    }
    term::say(text);
    Ok(())
}

fn public_half(
    public: Option<String>,
    file: Option<PathBuf>,
    names: Vec<String>,
) -> anyhow::Result<TrustedKey> {
    match (public, file) {
        (Some(public), _) => {
            Ok(TrustedKey { id: registry::public_key_id(&public)?, public, names })
        }
        (None, Some(file)) => Ok(SigningKey::read(&file)?.trusted(names)),
        (None, None) => {
            let what = "it is not said which key";
            Err(Failure::usage(what, "give --public or --file").into())
        }
    }
}

/// Returns the keys for these remotes only; all of them when none is named.
fn root(keys: Vec<TrustedKey>, names: &[String]) -> Vec<TrustedKey> {
    if names.is_empty() {
        return keys;
    }
    let narrowed = keys.into_iter().map(|key| TrustedKey {
        names: names.iter().filter(|name| key.covers(name)).cloned().collect(),
        ..key
    });
    narrowed.filter(|key| !key.names.is_empty()).collect()
}

fn location(site: &Site) -> anyhow::Result<String> {
    let location = site.registry_location(Workspace::find().ok().as_ref())?;
    if is_gateway(&location) {
        let what = "keys are not managed through a gateway";
        return Err(Failure::usage(what, "give the registry's folder or storage URL").into());
    }
    Ok(location)
}

async fn list(registry: &Registry, json: bool) -> anyhow::Result<()> {
    let (signing, api) = (registry.trusted_keys().await?, registry.api_keys().await?);
    if json {
        return term::json(&json!({"signing": signing, "api": api}));
    }
    for TrustedKey { id, names, .. } in &signing {
        term::say(&format!("signing  {id}  {}", names.join(", ")));
    }
    for key in &api {
        let ApiKey { id, created_at, .. } = key;
        term::say(&format!("api      {id}  {}, since {created_at}", key.summary()));
    }
    Ok(())
}

fn known(found: bool, id: &str) -> anyhow::Result<()> {
    if found {
        return Ok(());
    }
    Err(Failure::new(format!("there is no key {id}"), "look at `cargo asterism key list`").into())
}

#[cfg(test)]
mod tests {
    use contract::TrustedKey;

    use super::root;

    fn key(id: &str, names: &[&str]) -> TrustedKey {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        TrustedKey { id: id.to_owned(), public: String::new(), names }
    }

    #[test]
    fn a_trust_root_can_be_narrower_than_the_registry_and_never_wider() {
        let keys = || vec![key("a", &["*"]), key("b", &["search", "ask"]), key("c", &["stories"])];
        assert_eq!(root(keys(), &[]), keys());
        let narrow = root(keys(), &["search".to_owned()]);
        assert_eq!(narrow, [key("a", &["search"]), key("b", &["search"])]);
    }
}

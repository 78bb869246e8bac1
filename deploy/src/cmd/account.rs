//! `account`: who may sign in on a site, and as what.

use std::{
    collections::BTreeSet,
    io::{BufRead, IsTerminal},
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use accounts::{Account, Accounts, Enrolment, NewAccount, Role, roles_text};
use audit::what;
use serde_json::{Value, json};

use crate::{
    cli::Site, failure::Failure, recorder::Recorder, term, up::GATEWAY_DATA, workspace::Workspace,
};

/// Decide who may sign in, and as what
///
/// Works on the data folder of a gateway on this machine, which may be running: it takes changes over at
/// once, but for somebody who is signed in, whose roles change within 10 minutes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The gateway's data folder [default: gateway in the data]
    #[arg(long, global = true, value_name = "DIR")]
    gateway_data: Option<PathBuf>,
    /// Print what was done as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Add an account
    ///
    /// The password is the first line of standard input, so that it stands in no history and no list of
    /// processes.
    Add {
        /// What they sign in with
        name: String,
        /// editor, analyst, admin, publisher:REMOTE
        #[arg(long, value_delimiter = ',')]
        roles: Vec<Role>,
        /// To whom they belong
        #[arg(long, default_value = "")]
        organisation: String,
    },
    /// Give an account these roles in place of its own
    Role {
        /// Whose
        name: String,
        /// editor, analyst, admin, publisher:REMOTE; none makes a visitor of them
        roles: Vec<Role>,
    },
    /// Let an account in no longer, also where it is signed in
    Disable {
        /// Whose
        name: String,
        /// Let it in again
        #[arg(long)]
        undo: bool,
    },
    /// Ask an account for a code from an authenticator app as well, and print the address for the app, once
    Totp {
        /// Whose
        name: String,
        /// Ask it for none any more
        #[arg(long)]
        off: bool,
    },
    /// Show the accounts
    List,
}

pub(crate) fn run(args: Args, site: &Site) -> anyhow::Result<()> {
    let Args { gateway_data, json, action } = args;
    let folder = match gateway_data {
        Some(folder) => folder,
        None => site.data_dir(Workspace::find().ok().as_ref())?.join(GATEWAY_DATA),
    };
    let accounts = Accounts::open(&folder)?;
    let recorder = Recorder::in_folder(folder);
    let (account, what, did) = match action {
        Action::List => return list(&accounts.list()?, json),
        Action::Totp { name, off } => {
            let enrolment = if off { None } else { Some(accounts.enrol(&name)?) };
            if off {
                accounts.unenrol(&name)?;
            }
            let what = if off { what::TOTP_OFF } else { what::TOTP_ON };
            recorder.record(what, &name, "done")?;
            return totp(&name, enrolment, json);
        }
        Action::Add { name, roles, organisation } => {
            let (password, roles) = (Some(password()?), roles.into_iter().collect());
            let new = NewAccount { name, password, organisation, roles };
            let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
            (accounts.add(&new, now.try_into()?)?, what::ACCOUNT_ADDED, "may sign in")
        }
        Action::Role { name, roles } => {
            let roles: BTreeSet<Role> = roles.into_iter().collect();
            (accounts.set_roles(&name, &roles)?, what::ROLES_SET, "has other roles")
        }
        Action::Disable { name, undo: false } => {
            let account = accounts.set_disabled(&name, true)?;
            (account, what::ACCOUNT_DISABLED, "is let in no longer")
        }
        Action::Disable { name, undo: true } => {
            (accounts.set_disabled(&name, false)?, what::ACCOUNT_ENABLED, "may sign in again")
        }
    };
    recorder.record(what, &account.name, &roles_text(&account.roles))?;
    if json {
        return term::json(&shown(&account));
    }
    term::say(&format!("{} {did}: {}", account.name, roles_text(&account.roles)));
    Ok(())
}

fn totp(name: &str, enrolment: Option<Enrolment>, json: bool) -> anyhow::Result<()> {
    let Some(Enrolment { secret }) = enrolment else {
        if json {
            return term::json(&json!({ "name": name, "totp": null }));
        }
        term::say(&format!("{name} signs in by the password alone"));
        return Ok(());
    };
    let label: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let label = label.replace('+', "%20");
    let address = format!("otpauth://totp/Asterism:{label}?secret={secret}&issuer=Asterism");
    if json {
        return term::json(&json!({ "name": name, "totp": address }));
    }
    term::note(&format!("{name} needs a code from now on; this is shown only now"));
    term::say(&address);
    Ok(())
}

/// Reads a line, without showing it where somebody types it.
fn password() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let what = "a password is not typed where it would be shown";
        let advice = "pipe it in: `read -rs P; printf %s \"$P\" | cargo asterism account add …`";
        return Err(Failure::usage(what, advice).into());
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn list(accounts: &[Account], json: bool) -> anyhow::Result<()> {
    if json {
        return term::json(&accounts.iter().map(shown).collect::<Vec<_>>());
    }
    for account in accounts {
        let Account { id, name, organisation, disabled, .. } = account;
        let of =
            if organisation.is_empty() { String::new() } else { format!(" of {organisation}") };
        let out = if *disabled { ", disabled" } else { "" };
        term::say(&format!("{id}  {name}{of}: {}{out}", roles_text(&account.roles)));
    }
    Ok(())
}

fn shown(account: &Account) -> Value {
    let Account { id, name, organisation, roles, disabled, created_at } = account;
    let roles: Vec<_> = roles.iter().map(ToString::to_string).collect();
    json!({ "id": id, "name": name, "organisation": organisation, "roles": roles,
        "disabled": disabled, "created_at": created_at })
}

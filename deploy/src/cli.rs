//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::{cmd, failure, workspace::Workspace};

/// Builds, releases, runs and tests the site.
#[derive(Debug, Parser)]
#[command(name = "asterism", bin_name = "cargo asterism", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    site: Site,
    #[command(subcommand)]
    verb: Verb,
}

/// Which site a verb works on.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Site {
    /// The site's data [default: .asterism in the checkout]
    #[arg(long, global = true, value_name = "DIR", env = "ASTERISM_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// The registry: a folder, a storage's URL, or a gateway's URL [default: registry in the data]
    #[arg(long, global = true, value_name = "DIR|URL", env = "ASTERISM_REGISTRY")]
    pub(crate) registry: Option<String>,
    /// The operator's key for a gateway [default: the data's own, for a gateway on this machine]
    #[arg(long, global = true, value_name = "KEY", env = "ASTERISM_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
    /// The key to sign remotes with [default: keys/signing.key beside the registry or in the data]
    #[arg(long, global = true, value_name = "FILE", env = "ASTERISM_SIGN_KEY")]
    pub(crate) sign_key: Option<PathBuf>,
}

impl Site {
    /// Returns the absolute path of the data folder.
    pub(crate) fn data_dir(&self, workspace: Option<&Workspace>) -> anyhow::Result<PathBuf> {
        let data = match (&self.data, workspace) {
            (Some(data), _) => data.clone(),
            (None, Some(workspace)) => workspace.root.join(".asterism"),
            (None, None) => PathBuf::from(".asterism"),
        };
        Ok(std::path::absolute(data)?)
    }

    /// Returns where the registry is: what was named, else the one in the data.
    pub(crate) fn registry_location(
        &self,
        workspace: Option<&Workspace>,
    ) -> anyhow::Result<String> {
        match &self.registry {
            Some(location) => Ok(location.clone()),
            None => Ok(self.data_dir(workspace)?.join("registry").to_string_lossy().into_owned()),
        }
    }
}

#[derive(Debug, Subcommand)]
enum Verb {
    Up(cmd::up::Args),
    Test(cmd::test::Args),
    Build(cmd::build::Args),
    Describe(cmd::describe::Args),
    Publish(cmd::publish::Args),
    Release(cmd::release::Args),
    Rollback(cmd::rollback::Args),
    History(cmd::history::Args),
    Pool(cmd::pool::Args),
    Keygen(cmd::keygen::Args),
    Key(cmd::key::Args),
    Audit(cmd::audit::Args),
    Attack(cmd::attack::Args),
    Account(cmd::account::Args),
    Events(cmd::events::Args),
    Gc(cmd::gc::Args),
    Status(cmd::status::Args),
    Stories(cmd::stories::Args),
    Doctor(cmd::doctor::Args),
    Bench(cmd::bench::Args),
    Model(cmd::model::Args),
    New(cmd::new::Args),
    Dev(cmd::dev::Args),
}

/// Runs the command line. Exit codes: 0 done, 1 failed, 2 wrong usage.
pub async fn main() -> ExitCode {
    let Cli { site, verb } = Cli::parse();
    let result = match verb {
        Verb::Up(args) => cmd::up::run(args, site).await,
        Verb::Test(args) => match cmd::test::run(&args) {
            // Its last line has said so, and is the last.
            Ok(false) => return ExitCode::FAILURE,
            result => result.map(drop),
        },
        Verb::Build(args) => cmd::build::run(&args).await,
        Verb::Describe(args) => cmd::describe::run(args),
        Verb::Publish(args) => cmd::publish::run(args, site).await,
        Verb::Release(args) => cmd::release::run(args, site).await,
        Verb::Rollback(args) => cmd::rollback::run(args, site).await,
        Verb::History(args) => cmd::history::run(args, site).await,
        Verb::Pool(args) => cmd::pool::run(args, site).await,
        Verb::Keygen(args) => cmd::keygen::run(args, &site),
        Verb::Key(args) => cmd::key::run(args, site).await,
        Verb::Attack(args) => match cmd::attack::run(args).await {
            // What was answered badly has been said.
            Ok(false) => return ExitCode::FAILURE,
            result => result.map(drop),
        },
        Verb::Audit(args) => cmd::audit::run(args, site).await,
        Verb::Account(args) => cmd::account::run(args, &site),
        Verb::Events(args) => cmd::events::run(args, &site),
        Verb::Gc(args) => cmd::gc::run(args, site).await,
        Verb::Status(args) => cmd::status::run(args, site).await,
        Verb::Stories(args) => match cmd::stories::run(args, site).await {
            // Which lines are wrong has been said.
            Ok(false) => return ExitCode::FAILURE,
            result => result.map(drop),
        },
        Verb::Doctor(args) => match cmd::doctor::run(args, site).await {
            Ok(false) => return ExitCode::FAILURE,
            result => result.map(drop),
        },
        Verb::Bench(args) => cmd::bench::run(args, site).await,
        Verb::Model(args) => cmd::model::run(&args),
        Verb::New(args) => cmd::new::run(args),
        Verb::Dev(args) => cmd::dev::run(args, site).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}

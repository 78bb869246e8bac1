//! `pool`: which pools a domain's service has, and how much of its traffic each gets.

use registry::{PoolSummary, Pools, PoolsRevision, SwitchRequest};

use crate::{
    cli::Site,
    cmd::{Decision, because},
    releases, term,
    workspace::Workspace,
};

/// Shift a domain's traffic between its pools
///
/// Pools and their instances are the gateways' configuration; the shares are in the registry, so that all
/// gateways of a site follow within a second. No request is dropped.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show the pools and their shares
    List {
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Give a pool a share of its domain's traffic
    Switch {
        /// The domain's name
        domain: String,
        /// The pool's name
        pool: String,
        /// The share in percent; 0 takes it out
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
        weight: u8,
        #[command(flatten)]
        decision: Decision,
    },
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let releases = releases::open(Workspace::find().ok().as_ref(), &site)?;
    match args.action {
        Action::List { json } => {
            let pools = releases.pools().await?;
            if json {
                return term::json(&pools);
            }
            list(&pools);
            Ok(())
        }
        Action::Switch { domain, pool, weight, decision } => {
            let Decision { reason, if_match, json } = decision;
            let request = SwitchRequest { domain, pool, weight, reason, who: releases::who() };
            let revision = releases.switch(&request, if_match).await?;
            if json {
                return term::json(&revision);
            }
            term::say(&switched(&revision));
            Ok(())
        }
    }
}

fn list(Pools { revision, pools }: &Pools) {
    term::say(&format!("pools at revision {revision}"));
    for pool in pools {
        term::say(&line(pool));
    }
    if pools.iter().all(|pool| pool.instances.is_none()) {
        term::note(
            "the registry knows only the shares that somebody decided; the rest is for primary pools. \
             A gateway knows them all: --registry <its URL>",
        );
    }
}

fn line(pool: &PoolSummary) -> String {
    let PoolSummary { domain, pool, weight, claims, instances, ready } = pool;
    let mut text = format!("  {:<24} {weight:>3} %", format!("{domain}.{pool}"));
    if let (Some(instances), Some(ready)) = (instances, ready) {
        text.push_str(&format!("  {ready} of {} ready", term::count(*instances, "instance")));
    }
    if !claims.is_empty() {
        text.push_str(&format!("  claims {}", claims.join(" ")));
    }
    text
}

fn switched(revision: &PoolsRevision) -> String {
    let PoolsRevision { revision, changed_at, who, reason, domain, pool, weight, .. } = revision;
    let reason = because(reason);
    format!("{revision:>4}  {changed_at}  {domain}.{pool} gets {weight} %, by {who}{reason}")
}

#[cfg(test)]
mod tests {
    use registry::PoolSummary;

    use super::line;

    #[test]
    fn a_pool_is_one_line() {
        let pool = PoolSummary {
            domain: "reports".to_owned(),
            pool: "green".to_owned(),
            weight: 10,
            claims: vec!["reports@>=2".to_owned()],
            instances: Some(2),
            ready: Some(1),
        };
        let expected =
            "  reports.green             10 %  1 of 2 instances ready  claims reports@>=2";
        assert_eq!(line(&pool), expected);
        let told = PoolSummary { claims: Vec::new(), instances: None, ready: None, ..pool };
        assert_eq!(line(&told), "  reports.green             10 %");
    }
}

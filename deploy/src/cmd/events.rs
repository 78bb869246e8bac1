//! `events`: what the services told, and how far the journal has read.

use std::{path::PathBuf, str::FromStr};

use anyhow::Context;
use journal::{Entry, FILE, Journal, Lag, Selection};
use serde_json::json;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{cli::Site, failure::Failure, term, up::JOURNAL_DATA, workspace::Workspace};

/// Look at what the services told, in the journal that `up` keeps
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
    /// The journal's folder [default: journal in the data]
    #[arg(long, global = true, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Print it as JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show the newest events
    List {
        /// Of this kind only, such as remote.released
        #[arg(long)]
        kind: Option<String>,
        /// Of this service only
        #[arg(long)]
        source: Option<String>,
        /// Not before this: 30m, 12h, 7d, or a time such as 2026-11-27T10:00:00Z
        #[arg(long, value_name = "TIME")]
        since: Option<Since>,
        /// How many
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Show how far each source was read, and what came of it
    Lag,
    /// Show what came and could not be used
    Aside,
}

/// The beginning of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    Ago(Duration),
    At(OffsetDateTime),
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(at) = OffsetDateTime::parse(text, &Rfc3339) {
            return Ok(Self::At(at));
        }
        let unit = text.chars().next_back().unwrap_or_default();
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 24 * 3600,
            _ => 0,
        };
        let number = text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok());
        match number {
            Some(number) if seconds > 0 => {
                Ok(Self::Ago(Duration::seconds(i64::from(number) * seconds)))
            }
            _ => Err("write 30m, 12h, 7d, or a time such as 2026-11-27T10:00:00Z".to_owned()),
        }
    }
}

impl Since {
    fn seconds(self, now: OffsetDateTime) -> i64 {
        match self {
            Self::Ago(ago) => now.saturating_sub(ago).unix_timestamp(),
            Self::At(at) => at.unix_timestamp(),
        }
    }
}

pub(crate) fn run(args: Args, site: &Site) -> anyhow::Result<()> {
    let folder = match args.folder {
        Some(folder) => folder,
        None => site.data_dir(Workspace::find().ok().as_ref())?.join(JOURNAL_DATA),
    };
    if !folder.join(FILE).is_file() {
        let what = format!("there is no journal in {}", folder.display());
        return Err(Failure::new(what, "start the site (`up`), or give --folder").into());
    }
    let journal = Journal::open_existing(&folder)?;
    let now = OffsetDateTime::now_utc();
    match args.action {
        Action::List { kind, source, since, limit } => {
            let since = since.map(|since| since.seconds(now));
            list(&journal.list(&Selection { kind, source, since, limit })?, args.json)
        }
        Action::Lag => lag(&journal.lag()?, now, args.json),
        Action::Aside => aside(&journal, args.json),
    }
}

fn list(entries: &[Entry], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return term::json(&entries);
    }
    for Entry { source, id, kind, at, value, .. } in entries {
        term::say(&format!("{}  {source:<11} {id:>7}  {kind} {value}", rfc3339(*at)?));
    }
    Ok(())
}

fn lag(lags: &[Lag], now: OffsetDateTime, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let line = |lag: &Lag| -> anyhow::Result<serde_json::Value> {
            let mut line = serde_json::to_value(lag)?;
            line["behind"] = json!(lag.head - lag.read);
            Ok(line)
        };
        return term::json(&lags.iter().map(line).collect::<anyhow::Result<Vec<_>>>()?);
    }
    let heads = ["source", "read", "head", "behind", "heard", "again", "set aside", "missed"];
    let [source, read, head, behind, heard, again, aside, missed] = heads;
    let line = |source: &str, rest: [String; 7]| {
        let [read, head, behind, heard, again, aside, missed] = rest;
        term::say(&format!(
            "{source:<12} {read:>8} {head:>8} {behind:>7} {heard:>11} {again:>7} {aside:>9} {missed:>7}"
        ));
    };
    line(source, [read, head, behind, heard, again, aside, missed].map(str::to_owned));
    for lag in lags {
        let heard = format!("{} s ago", (now.unix_timestamp() - lag.heard_at).max(0));
        line(
            &lag.source,
            [
                lag.read.to_string(),
                lag.head.to_string(),
                (lag.head - lag.read).to_string(),
                heard,
                lag.duplicates.to_string(),
                lag.set_aside.to_string(),
                lag.missed.to_string(),
            ],
        );
    }
    Ok(())
}

fn aside(journal: &Journal, as_json: bool) -> anyhow::Result<()> {
    let aside = journal.set_aside()?;
    if as_json {
        return term::json(&aside);
    }
    for one in aside {
        let at = rfc3339(one.at)?;
        term::say(&format!("{at}  {:<11} {:>7}  {}: {}", one.source, one.id, one.why, one.text));
    }
    Ok(())
}

fn rfc3339(at: i64) -> anyhow::Result<String> {
    let at = OffsetDateTime::from_unix_timestamp(at).context("a time that no calendar has")?;
    Ok(at.format(&Rfc3339)?)
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::Since;

    #[test]
    fn times_are_written_as_people_say_them() {
        let now = OffsetDateTime::from_unix_timestamp(1_000_000).unwrap();
        for (text, seconds) in [
            ("90s", 999_910),
            ("30m", 998_200),
            ("2h", 992_800),
            ("7d", 395_200),
            ("1970-01-01T00:01:00Z", 60),
        ] {
            assert_eq!(text.parse::<Since>().unwrap().seconds(now), seconds, "{text}");
        }
        for text in ["", "7", "d", "-1d", "7w", "7ä", "yesterday"] {
            text.parse::<Since>().unwrap_err();
        }
    }
}

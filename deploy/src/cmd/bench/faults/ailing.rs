//! One fault from before it to after it.

use std::{
    fmt,
    time::{Duration, Instant},
};

use nix::sys::signal::Signal;
use reqwest::Client;
use serde_json::Value;

use super::{
    probes::{Log, PATIENCE, Probes},
    table::{Row, row},
    wire::Trouble,
    world::{GATEWAY, OTHER, World},
    writes::{Kept, Writes},
};

/// Before something is broken, and after all is well again.
const QUIET: Duration = Duration::from_secs(2);
/// All is well when nothing failed for so long, which is longer than somebody waits for an answer.
const WELL: Duration = PATIENCE.saturating_add(Duration::from_secs(1));
/// What is not well by then does not mend itself.
pub(super) const LONGEST: Duration = Duration::from_secs(90);

/// What is done to the site.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fault {
    /// SIGKILL.
    Killed(String),
    /// SIGSTOP for so long.
    Stopped(String, Duration),
    Wire(String, Trouble, Duration),
    FullDisk(String, Duration),
    /// The clocks of all processes.
    ClockJump {
        seconds: i64,
        lasting: Duration,
    },
    /// The gateway ends by a signal and is started again on its socket.
    Gateway(Signal),
    /// The second gateway is killed, and a release is made on the first meanwhile.
    OtherGateway,
}

impl Fault {
    /// Whose users may notice; `None` is all.
    fn target(&self) -> Option<&str> {
        match self {
            Self::Killed(domain)
            | Self::Stopped(domain, _)
            | Self::Wire(domain, ..)
            | Self::FullDisk(domain, _) => Some(domain),
            Self::ClockJump { .. } | Self::Gateway(_) => None,
            Self::OtherGateway => Some(OTHER),
        }
    }

    /// Breaks something and mends it; returns since when it can recover.
    async fn happen(&self, world: &World) -> anyhow::Result<Instant> {
        let now = Instant::now();
        match self {
            Self::Killed(domain) => world.signal(domain, Signal::SIGKILL)?,
            Self::Gateway(signal) => world.signal(GATEWAY, *signal)?,
            Self::OtherGateway => {
                world.signal(OTHER, Signal::SIGKILL)?;
                world.release().await?;
            }
            Self::Stopped(domain, lasting) => {
                world.signal(domain, Signal::SIGSTOP)?;
                tokio::time::sleep(*lasting).await;
                world.signal(domain, Signal::SIGCONT)?;
                return Ok(Instant::now());
            }
            Self::Wire(domain, trouble, lasting) => {
                world.wire(domain, *trouble);
                tokio::time::sleep(*lasting).await;
                world.wire(domain, Trouble::Nothing);
                return Ok(Instant::now());
            }
            Self::FullDisk(domain, lasting) => {
                world.full_disk(domain, true)?;
                tokio::time::sleep(*lasting).await;
                world.full_disk(domain, false)?;
                return Ok(Instant::now());
            }
            Self::ClockJump { seconds, lasting } => {
                world.clock(*seconds)?;
                tokio::time::sleep(*lasting).await;
                world.clock(0)?;
            }
        }
        Ok(now)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Killed(domain) => write!(f, "{domain}: kill -9"),
            Self::Stopped(domain, lasting) => {
                write!(f, "{domain}: SIGSTOP for {} s", lasting.as_secs())
            }
            Self::Wire(domain, Trouble::Slow(by), _) => {
                write!(f, "{domain}: {} ms slower", by.as_millis())
            }
            Self::Wire(domain, Trouble::Cut { percent }, _) => {
                write!(f, "{domain}: {percent} % of answers cut")
            }
            Self::Wire(domain, Trouble::Nothing, _) => write!(f, "{domain}: nothing"),
            Self::FullDisk(domain, _) => write!(f, "{domain}: full disk"),
            Self::ClockJump { seconds, .. } => write!(f, "clocks {seconds:+} s and back"),
            Self::Gateway(signal) => write!(f, "gateway restart by {signal}"),
            Self::OtherGateway => f.write_str("second gateway: kill -9, release on the first"),
        }
    }
}

/// Lets it happen while visitors ask, waits until all is well, and counts.
pub(super) async fn observe(world: &mut World, fault: &Fault) -> anyhow::Result<Row> {
    let log = Log::default();
    let probes = Probes::start(&world.url, &log, None);
    let others =
        (*fault == Fault::OtherGateway).then(|| Probes::start(&world.other_url, &log, Some(OTHER)));
    let writes = Writes::start(&world.url, &world.editor, &log).await?;
    tokio::time::sleep(QUIET).await;
    let since = fault.happen(world).await?;
    let well = until_well(&log).await;
    tokio::time::sleep(QUIET).await;
    drop((probes, others));
    let mut kept = writes.end().await?;
    if *fault == Fault::OtherGateway {
        kept = kept_release(world, kept).await?;
    }
    let ends = well.then_some(since);
    Ok(row(fault.to_string(), fault.target(), ends, &log.all(), kept))
}

/// Waits until nothing failed for a while; tells whether it came to that.
async fn until_well(log: &Log) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < LONGEST {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let failed = log.all().into_iter().filter(|seen| seen.failed.is_some());
        let last = failed.map(|seen| seen.ended).max();
        if last.is_none_or(|last| last.elapsed() > WELL) && begun.elapsed() > WELL {
            return true;
        }
    }
    false
}

/// The release counts as a write, which is lost when the second gateway does not tell of it.
async fn kept_release(world: &World, kept: Kept) -> anyhow::Result<Kept> {
    let [first, second] = [manifest(&world.url).await?, manifest(&world.other_url).await?];
    let lost = kept.lost + usize::from(first["revision"] != second["revision"]);
    Ok(Kept { acknowledged: kept.acknowledged + 1, lost })
}

async fn manifest(url: &str) -> anyhow::Result<Value> {
    let answer = Client::new().get([url, "/manifest.json"].concat()).send().await?;
    Ok(answer.error_for_status()?.json().await?)
}

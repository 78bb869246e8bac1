//! How many pages a core of the gateway can tell that nothing changed: `/manifest.json` with the current
//! `ETag`, over connections that stay open.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use super::{gateways::Gateways, release::request, subject};
use crate::{
    build::{Builder, host::Profile},
    cmd::publish,
    term,
    workspace::Workspace,
};

const CONNECTIONS: usize = 16;
const REQUESTS: usize = 200_000;
/// Requests under way on one connection: 1 as browsers do, more as a proxy before gateways may.
const DEPTHS: [usize; 2] = [1, 16];

pub(super) async fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let builder = Builder::new(workspace)?;
    let remote = subject(workspace)?;
    let gateways = Gateways::start(workspace, &builder, Profile::Release, 1, &[]).await?;
    let built = builder.remote(&remote, "0.9.0")?;
    publish::publish(&*gateways.releases, &built, &gateways.key).await?;
    let request = request(&remote.facts.name, "0.9.0");
    let revision = gateways.releases.release(&request, None).await?.revision;
    let url = gateways.urls.first().context("no gateway")?;
    let address = url.trim_start_matches("http://").to_owned();
    // Once without counting, so that everything is warm.
    load(&address, revision, 1, REQUESTS / 20).await?;
    for depth in DEPTHS {
        let (before, begun) = (Cpu::of(gateways.pid())?, Instant::now());
        let done = load(&address, revision, depth, REQUESTS).await?;
        let (took, used) = (begun.elapsed(), Cpu::of(gateways.pid())?.since(before));
        say(done, depth, took, used);
    }
    gateways.stop().await
}

fn say(done: usize, depth: usize, took: Duration, used: Cpu) {
    // Counts and seconds of a benchmark are small enough for 52 bits.
    let per = |seconds: f64| done as f64 / seconds.max(f64::EPSILON);
    let (all, wall) = (used.user + used.system, took.as_secs_f64());
    term::say(&format!(
        "304 of /manifest.json, {CONNECTIONS} connections, {depth} under way on each: \
         {:.0} requests/s for each core that the gateway used",
        per(all)
    ));
    term::say(&format!(
        "  {done} requests in {}: {:.0}/s in all; the gateway used {:.2} cores, {:.0} % of that in \
         the kernel (reading and writing sockets)",
        term::seconds(took),
        per(wall),
        all / wall,
        100.0 * used.system / all.max(f64::EPSILON),
    ));
}

/// Sends the requests and returns how many were answered, all with 304.
async fn load(
    address: &str,
    revision: u64,
    depth: usize,
    requests: usize,
) -> anyhow::Result<usize> {
    let mut connections = JoinSet::new();
    let each = requests / CONNECTIONS / depth;
    for _ in 0..CONNECTIONS {
        connections.spawn(connection(address.to_owned(), revision, depth, each));
    }
    let mut done = 0;
    while let Some(answered) = connections.join_next().await {
        done += answered??;
    }
    Ok(done)
}

async fn connection(
    address: String,
    revision: u64,
    depth: usize,
    rounds: usize,
) -> anyhow::Result<usize> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET /manifest.json HTTP/1.1\r\nhost: {address}\r\nif-none-match: \"{revision}\"\r\n\r\n"
    )
    .repeat(depth);
    let mut buffer = vec![0; 64 << 10];
    let mut filled = 0;
    for _ in 0..rounds {
        stream.write_all(request.as_bytes()).await?;
        let mut answers = 0;
        while answers < depth {
            let read = stream.read(&mut buffer[filled..]).await?;
            ensure!(read > 0, "the gateway closed the connection");
            filled += read;
            let (heads, end) = heads(&buffer[..filled])?;
            answers += heads;
            buffer.copy_within(end..filled, 0);
            filled -= end;
        }
    }
    Ok(rounds * depth)
}

/// Counts whole answers, each a 304 without a body, and returns where the last one ends.
fn heads(bytes: &[u8]) -> anyhow::Result<(usize, usize)> {
    let (mut count, mut start) = (0, 0);
    while let Some(end) = bytes[start..].windows(4).position(|four| four == b"\r\n\r\n") {
        let head = &bytes[start..start + end];
        let line = String::from_utf8_lossy(head.split(|b| *b == b'\r').next().unwrap_or_default());
        ensure!(line.starts_with("HTTP/1.1 304"), "the gateway answered `{line}`");
        count += 1;
        start += end + 4;
    }
    Ok((count, start))
}

/// Seconds of processor time.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cpu {
    user: f64,
    system: f64,
}

impl Cpu {
    fn of(pid: u32) -> anyhow::Result<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .context("processor time is read from /proc, which only Linux has")?;
        Self::read(&stat).context("/proc has no times")
    }

    /// Fields 14 and 15, in hundredths of a second; the name before may hold anything.
    fn read(stat: &str) -> Option<Self> {
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let mut next = || fields.next()?.parse::<f64>().ok().map(|ticks| ticks / 100.0);
        Some(Self { user: next()?, system: next()? })
    }

    fn since(self, before: Self) -> Self {
        Self { user: self.user - before.user, system: self.system - before.system }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cpu, heads};

    #[test]
    fn processor_time_is_read_whatever_the_program_is_called() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4 10 0 0 0 250 75 0 0 20 0";
        assert_eq!(Cpu::read(stat), Some(Cpu { user: 2.5, system: 0.75 }));
        assert_eq!(Cpu::read("7 (a"), None);
    }

    #[test]
    fn whole_answers_are_counted_and_others_refused() {
        let one = "HTTP/1.1 304 Not Modified\r\netag: \"1\"\r\n\r\n";
        let two = [one, one, "HTTP/1.1"].concat();
        assert_eq!(heads(two.as_bytes()).unwrap(), (2, one.len() * 2));
        assert_eq!(heads(b"HTTP/1.1 304").unwrap(), (0, 0));
        assert!(heads(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}

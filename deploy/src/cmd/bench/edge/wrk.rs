//! Running wrk and reading what it prints.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, ensure};
use reqwest::header::HeaderMap;

/// What came of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Load {
    /// Requests answered in a second.
    pub(super) rate: f64,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
}

/// Asks for a URL over as many connections as fast as it is answered, for so long.
///
/// # Errors
/// wrk does not run, or some request was not answered with success.
pub(super) fn run(
    wrk: &Path,
    url: &str,
    headers: &HeaderMap,
    connections: u32,
    lasting: Duration,
) -> anyhow::Result<Load> {
    let mut command = Command::new(wrk);
    command.args(["--threads", "1", "--latency", "--connections", &connections.to_string()]);
    command.args(["--duration", &format!("{}s", lasting.as_secs())]);
    for (name, value) in headers {
        command.args(["--header", &format!("{name}: {}", value.to_str()?)]);
    }
    let output = command.arg(url).stdin(Stdio::null()).output().context("cannot run wrk")?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "wrk failed: {text}");
    let failed = text
        .lines()
        .find(|line| line.trim_start().starts_with("Socket errors:") || line.contains("Non-2xx"));
    ensure!(failed.is_none(), "not every request to {url} succeeded: {}", failed.unwrap_or(""));
    read(&text).with_context(|| format!("wrk said something else than usual: {text}"))
}

fn read(text: &str) -> Option<Load> {
    let after =
        |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    let rate = after("Requests/sec:")?.parse().ok()?;
    Some(Load { rate, p50: duration(after("50%")?)?, p99: duration(after("99%")?)? })
}

/// Reads a duration such as `1.20ms`, `870.00us` or `1.02s`.
fn duration(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(unit);
    let seconds = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Load, duration, read};

    #[test]
    fn what_wrk_prints_is_read() {
        let text = "Running 1s test @ http://127.0.0.1:1/\n  1 threads and 64 connections\n  \
                    Latency Distribution\n     50%    1.50ms\n     75%    2.00ms\n     90%    \
                    3.00ms\n     99%    0.87s\n  20000 requests in 1.00s\nRequests/sec:  \
                    19876.50\nTransfer/sec:     44.40MB\n";
        let (p50, p99) = (Duration::from_micros(1500), Duration::from_millis(870));
        assert_eq!(read(text), Some(Load { rate: 19876.5, p50, p99 }));
        assert_eq!(read("unable to connect"), None);
        assert_eq!(duration("870.00us"), Some(Duration::from_micros(870)));
        assert_eq!(duration("12"), None);
    }
}

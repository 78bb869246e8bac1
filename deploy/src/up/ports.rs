//! Ports of this machine.

use std::{
    io::{self, ErrorKind},
    net::{Ipv4Addr, TcpListener},
    ops::Range,
};

use anyhow::{Context, ensure};
use socket2::SockRef;

use crate::failure::Failure;

/// So many may wait until somebody accepts, if the system allows it: those who come while a gateway is started again.
/// The standard library has 128.
const WAITING: i32 = 4096;

/// Where free ports are looked for: below those that Linux and macOS give to outgoing connections. One of
/// these could take a service's port before it listens, or while it is being started again.
const RANGE: Range<u16> = 20_000..32_768;

/// Returns `port` if it is free, a free one for 0.
pub(crate) fn choose(port: u16) -> anyhow::Result<u16> {
    Ok(listen(port)?.local_addr()?.port())
}

/// Listens on `port`, on a free one for 0. Whoever connects waits until somebody accepts.
pub(crate) fn listen(port: u16) -> anyhow::Result<TcpListener> {
    if port == 0 {
        return held(1)?.pop().context("no free port");
    }
    let listener = bind(port).map_err(|error| {
        let advice = "stop what listens there, or choose another: --port 0 takes a free one";
        let what = match error.kind() {
            ErrorKind::AddrInUse => format!("port {port} is taken"),
            _ => format!("port {port} cannot be used: {error}"),
        };
        Failure::new(what, advice)
    })?;
    Ok(listener)
}

fn bind(port: u16) -> io::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    SockRef::from(&listener).listen(WAITING)?;
    Ok(listener)
}

/// Returns as many different free ports.
pub(crate) fn free(count: usize) -> anyhow::Result<Vec<u16>> {
    held(count)?.iter().map(|listener| Ok(listener.local_addr()?.port())).collect()
}

/// Listens on as many different free ports.
fn held(count: usize) -> anyhow::Result<Vec<TcpListener>> {
    // Anywhere in the range, so that two sites that start at once do not look at the same ones.
    let start = uuid::Uuid::new_v4().as_u128() % u128::try_from(RANGE.len())?;
    let candidates = RANGE.cycle().skip(usize::try_from(start)?).take(RANGE.len());
    // All are held until all are known.
    let held = candidates.filter_map(|port| bind(port).ok());
    let held: Vec<TcpListener> = held.take(count).collect();
    ensure!(held.len() == count, "no {count} free ports between {} and {}", RANGE.start, RANGE.end);
    Ok(held)
}

#[cfg(test)]
mod tests {
    use std::{
        net::{TcpListener, TcpStream},
        time::Duration,
    };

    use super::{RANGE, choose, free, listen};

    #[test]
    fn many_may_wait_until_somebody_accepts() {
        let held = listen(0).unwrap();
        let address = held.local_addr().unwrap();
        let connect = |_| TcpStream::connect_timeout(&address, Duration::from_millis(500));
        let allowed = std::fs::read_to_string("/proc/sys/net/core/somaxconn").ok();
        let allowed = allowed.and_then(|most| most.trim().parse().ok()).unwrap_or(128);
        let many = 300.min(allowed);
        let waiting: Vec<_> = (0..many).map_while(|n| connect(n).ok()).collect();
        assert_eq!(waiting.len(), many);
    }

    #[test]
    fn a_taken_port_is_said_plainly() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_eq!(choose(port).unwrap_err().to_string(), format!("port {port} is taken"));
        assert_ne!(choose(0).unwrap(), port);
    }

    #[test]
    fn free_ports_are_different() {
        let mut ports = free(5).unwrap();
        assert!(ports.iter().all(|port| RANGE.contains(port)), "{ports:?}");
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 5);
    }
}

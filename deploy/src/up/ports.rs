//! Ports of this machine.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, TcpListener},
};

use anyhow::Context;

use crate::failure::Failure;

/// Returns `port` if it is free, a free one for 0.
pub(crate) fn choose(port: u16) -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let advice = "stop what listens there, or choose another: --port 0 takes a free one";
        let what = match error.kind() {
            ErrorKind::AddrInUse => format!("port {port} is taken"),
            _ => format!("port {port} cannot be used: {error}"),
        };
        Failure::new(what, advice)
    })?;
    Ok(listener.local_addr()?.port())
}

/// Returns as many different free ports.
pub(crate) fn free(count: usize) -> anyhow::Result<Vec<u16>> {
    // All are held until all are known, so that none comes twice.
    let bind = |_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let held: Vec<_> = (0..count).map(bind).collect::<Result<_, _>>().context("no free port")?;
    let ports = held.iter().map(|listener| Ok(listener.local_addr()?.port()));
    ports.collect()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::{choose, free};

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
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 5);
    }
}

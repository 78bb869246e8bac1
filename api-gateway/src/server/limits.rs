//! What one connection may do, and how many there may be.

use std::time::Duration;

/// Limits of connections, and of the heads of requests on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// `connections.all`: so many at most. Default 20,000.
    pub all: usize,
    /// `connections.per_address`: so many from one network address; 0 is no limit. Default 256.
    pub per_address: usize,
    /// `connections.head_ms`: how long the head of a request may take, and a connection idle before it.
    /// Default 65 s: what proxies in front keep open, they give up after 60.
    pub head: Duration,
    /// `connections.headers`: headers of a request. Default 100.
    pub headers: usize,
    /// `connections.header_bytes`: bytes of them. Default 64 KiB.
    pub header_bytes: u32,
    /// `connections.streams`: requests at once on one connection of HTTP/2. Default 200.
    pub streams: u32,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            all: 20_000,
            per_address: 256,
            head: Duration::from_secs(65),
            headers: 100,
            header_bytes: 64 << 10,
            streams: 200,
        }
    }
}

//! What the cache may hold: what can be set.

/// What the cache may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheLimits {
    /// `cache.enabled`: whether there is one. It is by default.
    pub enabled: bool,
    /// `cache.bytes`: so many in all, heads and keys included. Default 64 MiB.
    pub bytes: u64,
    /// `cache.body_bytes`: answers with more than that are not kept. Default 256 KiB.
    pub body_bytes: usize,
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self { enabled: true, bytes: 64 << 20, body_bytes: 256 << 10 }
    }
}

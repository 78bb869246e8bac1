//! What crosses a boundary between parts that are built and released apart.
//!
//! The shell, the gateway, the registry, every service and every remote agree on these documents and
//! on nothing else. A change here is a change of contract: raise [`HOST_CONTRACT`].
//!
//! Not here: any word of a domain, any transport, any rendering.

mod descriptor;
mod feed;
mod importmap;
pub mod lifecycle;
mod manifest;
mod problem;
mod route;
pub mod topics;

pub use descriptor::{Built, Descriptor, FileInfo, Kind, Nav, RouteSpec, SCHEMA, valid_name};
pub use feed::{Change, ChangeKind, FeedPage};
pub use importmap::ImportMap;
pub use manifest::{Canary, Manifest, Release, RemoteState};
pub use problem::{FieldError, PROBLEM_JSON, Problem};
pub use route::{RouteMatch, best_match, match_route};

/// The version of the contract that this host offers to remotes (semver).
pub const HOST_CONTRACT: &str = "1.0.0";

/// Tells whether a remote that asks for `range` can run under a host of version `host`.
///
/// A range or version that cannot be parsed never fits: loading fails closed.
#[must_use]
pub fn contract_fits(range: &str, host: &str) -> bool {
    match (semver::VersionReq::parse(range), semver::Version::parse(host)) {
        (Ok(range), Ok(host)) => range.matches(&host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::contract_fits;

    #[test]
    fn contract_ranges_follow_semver_and_fail_closed() {
        for (range, host, fits) in [
            ("^1.0", "1.0.0", true),
            ("^1.0", "1.4.2", true),
            ("^1.2", "1.1.0", false),
            ("^2.0", "1.9.9", false),
            ("nonsense", "1.0.0", false),
            ("^1.0", "", false),
        ] {
            assert_eq!(contract_fits(range, host), fits, "{range} under {host}");
        }
    }
}

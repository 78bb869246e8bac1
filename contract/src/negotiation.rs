//! Whether a remote and a host understand each other, and which side must move when they do not.

use semver::{Comparator, Op, Version, VersionReq};

/// The version of the contract that this host offers to remotes (semver).
///
/// `contract/baseline/` holds what this version promises; a test refuses a change that is not announced
/// here: a major step for one that breaks remotes, a minor step for one that adds.
pub const HOST_CONTRACT: &str = "1.0.0";

/// Why a remote cannot run under a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The remote needs what this host does not have yet.
    HostTooOld,
    /// The remote needs what this host does not have any more.
    RemoteTooOld,
    /// The range or the version is none.
    Unreadable,
}

impl Misfit {
    /// Returns which side must move, for people: lower case, no full stop.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::HostTooOld => "update the host first, it is older than what the remote needs",
            Self::RemoteTooOld => {
                "rebuild the remote against this host's contract, the host has moved on"
            }
            Self::Unreadable => "write the remote's contract as a semver range such as ^1.0",
        }
    }
}

/// Returns why a remote that asks for `range` cannot run under a host of version `host`, `None` when it can.
///
/// A range or version that cannot be parsed never fits: loading fails closed.
#[must_use]
pub fn misfit(range: &str, host: &str) -> Option<Misfit> {
    let (Ok(range), Ok(host)) = (VersionReq::parse(range), Version::parse(host)) else {
        return Some(Misfit::Unreadable);
    };
    if range.matches(&host) {
        return None;
    }
    let above = range.comparators.iter().any(|comparator| begins_above(comparator, &host));
    Some(if above { Misfit::HostTooOld } else { Misfit::RemoteTooOld })
}

fn begins_above(comparator: &Comparator, host: &Version) -> bool {
    let Comparator { op, major, minor, patch, pre: _ } = comparator;
    let lowest = (*major, minor.unwrap_or(0), patch.unwrap_or(0));
    !matches!(op, Op::Less | Op::LessEq) && lowest > (host.major, host.minor, host.patch)
}

#[cfg(test)]
mod tests {
    use super::Misfit::{HostTooOld, RemoteTooOld, Unreadable};
    use super::misfit;

    #[test]
    fn contract_ranges_follow_semver_and_fail_closed() {
        for (range, host, expected) in [
            ("^1.0", "1.0.0", None),
            ("^1.0", "1.4.2", None),
            ("^1.2", "1.1.0", Some(HostTooOld)),
            ("^2.0", "1.9.9", Some(HostTooOld)),
            ("^0.9", "1.0.0", Some(RemoteTooOld)),
            ("<1.0", "1.0.0", Some(RemoteTooOld)),
            ("nonsense", "1.0.0", Some(Unreadable)),
            ("^1.0", "", Some(Unreadable)),
        ] {
            assert_eq!(misfit(range, host), expected, "{range} under {host}");
        }
    }
}

//! What crosses a boundary between parts that are built and released apart.
//!
//! The shell, the gateway, the registry, every service and every remote agree on these documents and
//! on nothing else. A change here is a change of contract: raise [`HOST_CONTRACT`].
//!
//! Not here: any word of a domain, any transport, any rendering.

mod beacon;
mod canary;
mod descriptor;
mod events;
mod feed;
mod importmap;
pub mod lifecycle;
mod manifest;
mod negotiation;
mod page;
mod problem;
mod route;
pub mod topics;
mod trust;

pub use beacon::{BEACONS, Beacon, BeaconKind, Beacons, LONGEST_MESSAGE, MOST_BEACONS};
pub use canary::{BUCKETS, cohort};
pub use descriptor::{Built, Descriptor, FileInfo, Kind, Nav, RouteSpec, SCHEMA, valid_name};
pub use events::{REVISION, RevisionEvent};
pub use feed::{Change, ChangeKind, FeedPage};
pub use importmap::ImportMap;
pub use manifest::{Canary, Manifest, Release, RemoteState, Role};
pub use negotiation::{HOST_CONTRACT, Misfit, misfit};
pub use page::{PAGE_ELEMENT, PageConfig, may_override};
pub use problem::{FieldError, PROBLEM_JSON, Problem};
pub use route::{RouteMatch, best_match, match_route};
pub use trust::{ANY_NAME, Distrust, ED25519, Signature, TrustedKey, signer};

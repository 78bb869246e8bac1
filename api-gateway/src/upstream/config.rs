//! What operators say about the domains' services. Every field has a default but the instances.
//!
//! Not here: how it is written (`grammar`, `config::keys`), how much of the traffic each pool gets
//! (the registry).

use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::Duration,
};

use contract::valid_name;
use http::uri::Authority;
use semver::{Version, VersionReq};

use super::{breaker, health, outlier, retry};

/// The domains by name, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Upstreams(BTreeMap<String, Domain>);

/// Everything that is wrong with a configuration of upstreams.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct UpstreamsError(pub Vec<String>);

/// One domain: its instances, and how patient the gateway is with them.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// The pools by name. At least one.
    pub pools: BTreeMap<String, Pool>,
    /// The pool that gets everything until somebody switches. Default: the only one; with several it must
    /// be said.
    pub primary: Option<String>,
    /// Exceptions from [`Timeouts::head`](super::Timeouts::head). Default: none.
    pub deadlines: Vec<Deadline>,
    /// How many requests may wait for an instance's answer at once; further ones go to another instance, or
    /// are refused. Streams that have begun do not count. Default 1024.
    pub max_pending: usize,
    /// When an instance counts as healthy.
    pub health: health::Policy,
    /// When an instance that fails is left alone for a while.
    pub outliers: outlier::Policy,
    /// When a whole pool is.
    pub breaker: breaker::Policy,
    /// What is tried again.
    pub retries: retry::Policy,
}

impl Default for Domain {
    fn default() -> Self {
        Self {
            pools: BTreeMap::new(),
            primary: None,
            deadlines: Vec::new(),
            max_pending: 1024,
            health: health::Policy::default(),
            outliers: outlier::Policy::default(),
            breaker: breaker::Policy::default(),
            retries: retry::Policy::default(),
        }
    }
}

/// Instances that run the same release of a service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pool {
    /// Where they are. At least one.
    pub instances: Vec<Instance>,
    /// Which bundles must come here, whatever the weights. Default: none.
    pub claims: Vec<Claim>,
}

/// A process that answers: `http://<host>:<port>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance(Authority);

/// Bundles by remote and version: `<remote>@<semver range>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    remote: String,
    range: VersionReq,
}

/// How long the head of an answer may take for some paths, retries included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// What comes after `/api/<domain>`, and everything below it. The longest that fits counts.
    pub path: String,
    /// From the last byte of the request.
    pub head: Duration,
}

impl Upstreams {
    /// Returns a domain to change it. Whoever is done asks what is [`wrong`](Self::wrong).
    pub(crate) fn domain(&mut self, name: &str) -> &mut Domain {
        self.0.entry(name.to_owned()).or_default()
    }

    /// Removes the pools of a domain, `<domain>[.<pool>]`.
    pub(crate) fn without_pools(&mut self, name: &str) {
        let name = name.split_once('.').map_or(name, |(name, _)| name);
        if let Some(domain) = self.0.get_mut(name) {
            domain.pools.clear();
            domain.primary = None;
        }
    }

    /// Returns `<domain>=<text>,…` of those that have a text.
    pub(crate) fn each(&self, text: impl Fn(&Domain) -> Option<String>) -> String {
        let texts = self.0.iter().filter_map(|(name, domain)| Some((name, text(domain)?)));
        texts.map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join(",")
    }

    /// Adds a pool of a domain, its primary one if it is the first.
    pub(super) fn add_pool(&mut self, name: &str, pool: &str, added: Pool) -> Result<(), String> {
        for part in [name, pool] {
            if !valid_name(part) {
                return Err(format!("`{part}` is no name of a domain or a pool"));
            }
        }
        let domain = self.domain(name);
        domain.primary.get_or_insert_with(|| pool.to_owned());
        match domain.pools.entry(pool.to_owned()) {
            Entry::Occupied(_) => Err(format!("`{name}.{pool}` is there twice")),
            Entry::Vacant(place) => {
                place.insert(added);
                Ok(())
            }
        }
    }

    /// Returns all that is wrong.
    pub(crate) fn wrong(&self) -> Vec<String> {
        self.0.iter().flat_map(|(name, domain)| domain.wrong(name)).collect()
    }

    pub(crate) fn into_domains(self) -> BTreeMap<String, Domain> {
        self.0
    }
}

impl TryFrom<BTreeMap<String, Domain>> for Upstreams {
    type Error = UpstreamsError;

    fn try_from(domains: BTreeMap<String, Domain>) -> Result<Self, UpstreamsError> {
        let upstreams = Self(domains);
        let wrong = upstreams.wrong();
        if wrong.is_empty() { Ok(upstreams) } else { Err(UpstreamsError(wrong)) }
    }
}

impl Domain {
    /// Returns the name of the pool that gets everything until somebody switches.
    pub(crate) fn primary(&self) -> Option<&str> {
        let only = || self.pools.keys().next().filter(|_| self.pools.len() == 1);
        self.primary.as_ref().or_else(only).map(String::as_str)
    }

    fn wrong(&self, name: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut unless = |right: bool, what: String| {
            if !right {
                wrong.push(what);
            }
        };
        unless(valid_name(name), format!("`{name}` is no name of a domain"));
        for (pool, Pool { instances, .. }) in &self.pools {
            unless(valid_name(pool), format!("`{name}.{pool}`: `{pool}` is no name of a pool"));
            unless(!instances.is_empty(), format!("`{name}.{pool}` has no instance"));
        }
        unless(!self.pools.is_empty(), format!("`{name}` has no pool"));
        let known = self.primary().is_some_and(|primary| self.pools.contains_key(primary));
        unless(known || self.pools.is_empty(), format!("`{name}`: say which pool is `primary`"));
        for Deadline { path, .. } in &self.deadlines {
            let what = format!("`{name}`: the path `{path}` of a deadline must begin with `/`");
            unless(path.starts_with('/'), what);
        }
        let counts = [
            ("max_pending", self.max_pending > 0),
            ("health.down_after", self.health.down_after > 0),
            ("health.up_after", self.health.up_after > 0),
            ("outliers.failures", self.outliers.failures > 0),
            ("breaker.failures", self.breaker.failures > 0),
            ("breaker.probes", self.breaker.probes > 0),
            ("retries.attempts", self.retries.attempts > 0),
        ];
        for (field, positive) in counts {
            unless(positive, format!("`{name}`: `{field}` must be at least 1"));
        }
        let pauses = [
            ("health.interval", self.health.interval),
            ("health.timeout", self.health.timeout),
            ("breaker.window", self.breaker.window),
            ("breaker.open", self.breaker.open),
        ];
        for (field, pause) in pauses {
            unless(!pause.is_zero(), format!("`{name}`: `{field}` must be longer than 0"));
        }
        unless(is_path(&self.health.path), format!("`{name}`: `health.path` is no path"));
        wrong
    }

    /// Returns the exception that holds for `path`, which begins with `/api/<domain>`.
    pub(crate) fn deadline(&self, rest: &str) -> Option<Duration> {
        let below = |path: &str| {
            let path = path.trim_end_matches('/');
            rest.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let fitting = self.deadlines.iter().filter(|deadline| below(&deadline.path));
        fitting.max_by_key(|deadline| deadline.path.len()).map(|deadline| deadline.head)
    }
}

impl Instance {
    /// Returns host and port.
    pub(crate) fn authority(&self) -> &Authority {
        &self.0
    }
}

impl TryFrom<String> for Instance {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let bad = || format!("`{text}` is not `http://<host>:<port>`");
        let uri: http::Uri = text.parse().map_err(|_| bad())?;
        let plain = uri.scheme_str() == Some("http")
            && uri.path() == "/"
            && uri.query().is_none()
            && !text.ends_with('?');
        let authority = uri.authority().filter(|a| plain && !a.as_str().contains('@'));
        authority.cloned().map(Self).ok_or_else(bad)
    }
}

impl Claim {
    /// Tells whether the bundle `remote` of `version` must come here.
    pub(crate) fn covers(&self, remote: &str, version: &Version) -> bool {
        self.remote == remote && self.range.matches(version)
    }
}

impl TryFrom<String> for Claim {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let bad = || format!("`{text}` is not `<remote>@<range>`, such as `shop@>=2`");
        let (remote, range) = text.split_once('@').ok_or_else(bad)?;
        let range = range.parse().map_err(|_| bad())?;
        if !valid_name(remote) {
            return Err(bad());
        }
        Ok(Self { remote: remote.to_owned(), range })
    }
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.remote, self.range)
    }
}

/// Tells whether a text is a path on an instance.
pub(crate) fn is_path(text: &str) -> bool {
    text.starts_with('/') && text.parse::<http::uri::PathAndQuery>().is_ok()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, time::Duration};

    use super::{Claim, Deadline, Domain, Instance, Pool, Upstreams};

    fn instance(text: &str) -> Result<Instance, String> {
        text.to_owned().try_into()
    }

    #[test]
    fn an_instance_is_a_host_and_a_port() {
        for (text, authority) in [
            ("http://127.0.0.1:1", "127.0.0.1:1"),
            ("http://b/", "b"),
            ("http://[::1]:8", "[::1]:8"),
        ] {
            assert_eq!(instance(text).unwrap().authority(), authority);
        }
        for bad in
            ["", "b", "b:1", "ftp://b", "https://b", "http://b/base", "http://b?", "http://a@b"]
        {
            assert!(instance(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_claim_covers_versions_of_one_remote() {
        let claim = Claim::try_from("alpha@>=2.0, <3".to_owned()).unwrap();
        for (remote, version, covered) in
            [("alpha", "2.3.0", true), ("alpha", "1.9.0", false), ("beta", "2.3.0", false)]
        {
            assert_eq!(claim.covers(remote, &version.parse().unwrap()), covered, "{version}");
        }
        for bad in ["alpha", "@1", "alpha@", "alpha@new", "Alpha@1"] {
            assert!(Claim::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_longest_path_sets_the_deadline() {
        let deadline = |path: &str, seconds| Deadline {
            path: path.to_owned(),
            head: Duration::from_secs(seconds),
        };
        let deadlines = vec![deadline("/a", 1), deadline("/a/b/", 2)];
        let domain = Domain { deadlines, ..Domain::default() };
        for (path, seconds) in
            [("/a", Some(1)), ("/a/x", Some(1)), ("/a/b/c", Some(2)), ("/ab", None), ("", None)]
        {
            assert_eq!(domain.deadline(path).map(|head| head.as_secs()), seconds, "{path}");
        }
    }

    #[test]
    fn a_domain_may_leave_out_all_but_the_instances_and_is_told_all_errors() {
        let pool = |urls: &[&str]| {
            let instances = urls.iter().map(|url| instance(url).unwrap()).collect();
            Pool { instances, claims: Vec::new() }
        };
        let of = |domain| Upstreams::try_from(BTreeMap::from([("alpha".to_owned(), domain)]));
        let pools = BTreeMap::from([("main".to_owned(), pool(&["http://b:1"]))]);
        let domains = of(Domain { pools, ..Domain::default() }).unwrap().into_domains();
        assert_eq!(domains["alpha"].primary(), Some("main"));
        let pools = [("blue", pool(&[])), ("green", pool(&["http://b:1"]))];
        let pools = pools.map(|(name, pool)| (name.to_owned(), pool)).into();
        let deadline = Deadline { path: "x".to_owned(), head: Duration::from_secs(1) };
        let bad = Domain { max_pending: 0, deadlines: vec![deadline], pools, ..Domain::default() };
        let error = of(bad).unwrap_err().to_string();
        for part in ["`alpha.blue` has no instance", "`primary`", "max_pending", "begin with `/`"] {
            assert!(error.contains(part), "{error}");
        }
        assert!(of(Domain::default()).is_err(), "no pool");
    }
}

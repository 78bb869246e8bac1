//! The table of keys: name, environment variable, kind, what is expected, and where it goes.
//!
//! A `*` in a name stands for a domain, whose names are the operator's; at the end also for `<domain>.<pool>`.
//! In the environment such a key is a list: `<domain>=<value>,…`.

use std::net::SocketAddr;

use super::{
    Config,
    codec::{
        Codec, Count, Deadlines, File, Folder, HeadBytes, MaybeRate, MaybeSecret, Millis, Minutes,
        Nets, Number, Origins, Path, Percent, Shape, Share, Sources, Switch, Text, Texts,
    },
};
use crate::{Budget, RoleOf, upstream::Domain};

/// How alike a name must be to be suggested, 0 to 1.
const ALIKE: f64 = 0.7;

/// The key whose values are pools.
const POOLS: &str = "upstreams.*";

/// What is looked at when the process starts, and not again.
const AT_START: [&str; 8] = [
    "server.listen",
    "server.workers",
    "server.registry",
    "server.shell_dir",
    "server.data_dir",
    "sessions.secret_file",
    "accounts.edge_key",
    "accounts.policies",
];

/// One thing that can be set.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) variable: &'static str,
    pub(super) shape: Shape,
    pub(super) expected: &'static str,
    /// Whether it has no default.
    pub(super) required: bool,
    /// Sets it for a domain (which only keys with a `*` look at).
    pub(super) set: fn(&mut Config, &str, &str) -> Result<(), Wrong>,
    /// What it is, to compare and to show.
    pub(super) text: fn(&Config) -> String,
}

/// Why a key is not set.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The text is not what is expected.
    Value,
    /// It is, but not good for this.
    Because(String),
}

fn name_of_domain(domain: &str) -> Result<(), Wrong> {
    let because = || Wrong::Because(format!("`{domain}` is no name of a domain"));
    contract::valid_name(domain).then_some(()).ok_or_else(because)
}

macro_rules! key {
    ($name:literal, $variable:literal, $codec:ty, $expected:expr, $($field:ident).+ $(, $required:literal)?) => {
        Key {
            name: $name,
            variable: $variable,
            shape: <$codec as Codec>::SHAPE,
            expected: $expected,
            required: false $(|| $required)?,
            set: |config, _, text| {
                config.$($field).+ = <$codec as Codec>::parse(text).ok_or(Wrong::Value)?;
                Ok(())
            },
            text: |config| <$codec as Codec>::text(&config.$($field).+),
        }
    };
}

macro_rules! domain_limit {
    ($name:literal, $variable:literal, $whose:ident) => {
        Key {
            name: $name,
            variable: $variable,
            shape: MaybeRate::SHAPE,
            expected: RATE,
            required: false,
            set: |config, domain, text| {
                name_of_domain(domain)?;
                let rate = MaybeRate::parse(text).ok_or(Wrong::Value)?;
                let domains = &mut config.limits.domains;
                domains.entry(domain.to_owned()).or_default().$whose = rate;
                Ok(())
            },
            text: |config| {
                let of = |(domain, budget): (&String, &Budget)| {
                    format!("{domain}={}", MaybeRate::text(&budget.$whose))
                };
                config.limits.domains.iter().map(of).collect::<Vec<_>>().join(",")
            },
        }
    };
}

macro_rules! domain_key {
    ($name:literal, $variable:literal, $codec:ty, $expected:expr, $($field:ident).+) => {
        Key {
            name: $name,
            variable: $variable,
            shape: <$codec as Codec>::SHAPE,
            expected: $expected,
            required: false,
            set: |config, domain, text| {
                name_of_domain(domain)?;
                let value = <$codec as Codec>::parse(text).ok_or(Wrong::Value)?;
                config.upstreams.domain(domain).$($field).+ = value;
                Ok(())
            },
            text: |config| {
                let text = |domain: &Domain| <$codec as Codec>::text(&domain.$($field).+);
                let usual = text(&Domain::default());
                config.upstreams.each(|domain| Some(text(domain)).filter(|text| *text != usual))
            },
        }
    };
}

const MILLIS: &str = "a whole number of milliseconds, at least 1";
const NUMBER: &str = "a whole number";
const NETWORKS: &str = "addresses or networks such as 10.0.0.0/8";
const RATE: &str = "a rate such as `600/min burst 100`, or `off`";
const CORS: &str = "origins as browsers send them, such as https://app.example";
const COUNT: &str = "a whole number, at least 1";
const SHARE: &str = "a whole number from 0 to 100";
const SWITCH: &str = "true or false (`on` or `off` in the environment)";
const ORIGINS: &str = "origins such as http://localhost:* or https://dev.example";

/// All keys, in the order of the reference file.
#[rustfmt::skip]
pub(super) const KEYS: &[Key] = &[
    key!("server.listen", "ASTERISM_LISTEN", Text<SocketAddr>, "an address such as 127.0.0.1:8080", listen),
    key!("server.workers", "ASTERISM_WORKERS", Number<usize>, NUMBER, workers),
    key!("server.registry", "ASTERISM_REGISTRY", Text<String>, "a folder or URL for the registry", registry, true),
    key!("server.shell_dir", "ASTERISM_SHELL_DIR", Folder, "the folder of the built shell", shell_dir, true),
    key!("server.data_dir", "ASTERISM_DATA_DIR", File, "a folder", data_dir),
    key!("server.trusted_proxies", "ASTERISM_TRUSTED_PROXIES", Nets, NETWORKS, trusted_proxies),
    key!("tls.certificate", "ASTERISM_TLS_CERTIFICATE", File, "a file", tls.certificate),
    key!("tls.key", "ASTERISM_TLS_KEY", File, "a file", tls.key),
    key!("tls.hsts_seconds", "ASTERISM_HSTS_SECONDS", Number<u32>, NUMBER, hsts_seconds),
    Key {
        name: POOLS,
        variable: "ASTERISM_UPSTREAMS",
        shape: Shape::Text,
        expected: "http://<host>:<port>|… for a domain or one of its pools",
        required: false,
        set: |config, pool, text| config.upstreams.add(pool, text).map_err(Wrong::Because),
        text: |config| {
            config.upstreams.each(|domain| Some(format!("{:?} {:?}", domain.primary, domain.pools)))
        },
    },
    domain_key!("domains.*.deadlines_ms", "ASTERISM_DOMAIN_DEADLINES_MS", Deadlines, "/<path>=<milliseconds>|…", deadlines),
    domain_key!("domains.*.max_pending", "ASTERISM_DOMAIN_MAX_PENDING", Count<usize>, COUNT, max_pending),
    domain_key!("domains.*.retries.attempts", "ASTERISM_DOMAIN_RETRY_ATTEMPTS", Count<u32>, COUNT, retries.attempts),
    domain_key!("domains.*.retries.percent", "ASTERISM_DOMAIN_RETRY_PERCENT", Share, SHARE, retries.percent),
    domain_key!("domains.*.retries.min_per_second", "ASTERISM_DOMAIN_RETRY_MIN_PER_SECOND", Number<u32>, NUMBER, retries.min_per_second),
    domain_key!("domains.*.health.path", "ASTERISM_DOMAIN_HEALTH_PATH", Path, "a path such as /readyz", health.path),
    domain_key!("domains.*.health.interval_ms", "ASTERISM_DOMAIN_HEALTH_INTERVAL_MS", Millis, MILLIS, health.interval),
    domain_key!("domains.*.health.timeout_ms", "ASTERISM_DOMAIN_HEALTH_TIMEOUT_MS", Millis, MILLIS, health.timeout),
    domain_key!("domains.*.health.down_after", "ASTERISM_DOMAIN_HEALTH_DOWN_AFTER", Count<u32>, COUNT, health.down_after),
    domain_key!("domains.*.health.up_after", "ASTERISM_DOMAIN_HEALTH_UP_AFTER", Count<u32>, COUNT, health.up_after),
    domain_key!("domains.*.outliers.failures", "ASTERISM_DOMAIN_OUTLIER_FAILURES", Count<u32>, COUNT, outliers.failures),
    domain_key!("domains.*.outliers.ejection_ms", "ASTERISM_DOMAIN_OUTLIER_EJECTION_MS", Millis, MILLIS, outliers.ejection),
    domain_key!("domains.*.outliers.longest_ms", "ASTERISM_DOMAIN_OUTLIER_LONGEST_MS", Millis, MILLIS, outliers.longest),
    domain_key!("domains.*.outliers.percent", "ASTERISM_DOMAIN_OUTLIER_PERCENT", Share, SHARE, outliers.percent),
    domain_key!("domains.*.breaker.window_ms", "ASTERISM_DOMAIN_BREAKER_WINDOW_MS", Millis, MILLIS, breaker.window),
    domain_key!("domains.*.breaker.failures", "ASTERISM_DOMAIN_BREAKER_FAILURES", Count<u32>, COUNT, breaker.failures),
    domain_key!("domains.*.breaker.percent", "ASTERISM_DOMAIN_BREAKER_PERCENT", Share, SHARE, breaker.percent),
    domain_key!("domains.*.breaker.open_ms", "ASTERISM_DOMAIN_BREAKER_OPEN_MS", Millis, MILLIS, breaker.open),
    domain_key!("domains.*.breaker.longest_ms", "ASTERISM_DOMAIN_BREAKER_LONGEST_MS", Millis, MILLIS, breaker.longest),
    domain_key!("domains.*.breaker.probes", "ASTERISM_DOMAIN_BREAKER_PROBES", Count<u32>, COUNT, breaker.probes),
    key!("timeouts.connect_ms", "ASTERISM_CONNECT_TIMEOUT_MS", Millis, MILLIS, timeouts.connect),
    key!("timeouts.head_ms", "ASTERISM_HEAD_TIMEOUT_MS", Millis, MILLIS, timeouts.head),
    key!("timeouts.feed_head_ms", "ASTERISM_FEED_HEAD_TIMEOUT_MS", Millis, MILLIS, timeouts.feed_head),
    key!("timeouts.idle_ms", "ASTERISM_IDLE_TIMEOUT_MS", Millis, MILLIS, timeouts.idle),
    key!("cache.enabled", "ASTERISM_CACHE", Switch, SWITCH, cache.enabled),
    key!("cache.bytes", "ASTERISM_CACHE_BYTES", Number<u64>, NUMBER, cache.bytes),
    key!("cache.body_bytes", "ASTERISM_CACHE_BODY_BYTES", Number<usize>, NUMBER, cache.body_bytes),
    key!("connections.all", "ASTERISM_CONNECTIONS", Number<usize>, NUMBER, connections.all),
    key!("connections.per_address", "ASTERISM_CONNECTIONS_PER_ADDRESS", Number<usize>, NUMBER, connections.per_address),
    key!("connections.head_ms", "ASTERISM_HEAD_READ_TIMEOUT_MS", Millis, MILLIS, connections.head),
    key!("connections.headers", "ASTERISM_HEADERS", Number<usize>, NUMBER, connections.headers),
    key!("connections.header_bytes", "ASTERISM_HEADER_BYTES", HeadBytes, "a whole number of bytes from 8192 to 1048576", connections.header_bytes),
    key!("connections.streams", "ASTERISM_STREAMS", Number<u32>, NUMBER, connections.streams),
    key!("bodies.bytes", "ASTERISM_BODY_BYTES", Number<u64>, NUMBER, body.bytes),
    key!("bodies.idle_ms", "ASTERISM_BODY_IDLE_TIMEOUT_MS", Millis, MILLIS, body.idle),
    key!("bodies.bytes_per_second", "ASTERISM_BODY_BYTES_PER_SECOND", Number<u64>, NUMBER, body.bytes_per_second),
    key!("cors.origins", "ASTERISM_CORS_ORIGINS", Origins, CORS, cors_origins),
    key!("limits.address", "ASTERISM_LIMIT_ADDRESS", MaybeRate, RATE, limits.site.address),
    key!("limits.session", "ASTERISM_LIMIT_SESSION", MaybeRate, RATE, limits.site.session),
    key!("limits.key", "ASTERISM_LIMIT_KEY", MaybeRate, RATE, limits.site.key),
    key!("limits.exempt", "ASTERISM_LIMIT_EXEMPT", Nets, NETWORKS, limits.exempt),
    domain_limit!("limits.*.address", "ASTERISM_LIMIT_DOMAIN_ADDRESS", address),
    domain_limit!("limits.*.session", "ASTERISM_LIMIT_DOMAIN_SESSION", session),
    domain_limit!("limits.*.key", "ASTERISM_LIMIT_DOMAIN_KEY", key),
    key!("sessions.secret_file", "ASTERISM_SESSION_SECRET_FILE", File, "a file", session_secret),
    key!("sessions.per_address", "ASTERISM_SESSIONS_PER_ADDRESS", Number<usize>, NUMBER, sessions_per_address),
    key!("accounts.edge_key", "ASTERISM_EDGE_KEY", MaybeSecret, "a secret", edge_key),
    key!("accounts.passwords", "ASTERISM_PASSWORDS", Switch, SWITCH, passwords),
    key!("accounts.policies", "ASTERISM_POLICIES", File, "a file", policies),
    key!("accounts.oidc.issuer", "ASTERISM_OIDC_ISSUER", Text<String>, "an address", oidc.issuer),
    key!("accounts.oidc.client_id", "ASTERISM_OIDC_CLIENT_ID", Text<String>, "a client's id", oidc.client_id),
    key!("accounts.oidc.client_secret", "ASTERISM_OIDC_CLIENT_SECRET", MaybeSecret, "a secret", oidc.client_secret),
    key!("accounts.oidc.client_secret_file", "ASTERISM_OIDC_CLIENT_SECRET_FILE", File, "a file", oidc.client_secret_file),
    key!("accounts.oidc.redirect_uri", "ASTERISM_OIDC_REDIRECT_URI", Text<String>, "an address", oidc.redirect_uri),
    key!("accounts.oidc.name", "ASTERISM_OIDC_NAME", Text<String>, "a name", oidc.name),
    key!("accounts.oidc.scopes", "ASTERISM_OIDC_SCOPES", Texts<String>, "a list of scopes", oidc.scopes),
    key!("accounts.oidc.timeout_ms", "ASTERISM_OIDC_TIMEOUT_MS", Millis, MILLIS, oidc.timeout),
    key!("accounts.oidc.roles_claim", "ASTERISM_OIDC_ROLES_CLAIM", Text<String>, "a claim", oidc.roles_claim),
    key!("accounts.oidc.roles", "ASTERISM_OIDC_ROLES", Texts<RoleOf>, "a list such as [\"staff=editor\"], with roles that there are", oidc.roles),
    key!("accounts.oidc.organisation_claim", "ASTERISM_OIDC_ORGANISATION_CLAIM", Text<String>, "a claim", oidc.organisation_claim),
    key!("accounts.oidc.organisations", "ASTERISM_OIDC_ORGANISATIONS", Texts<String>, "a list of organisations", oidc.organisations),
    key!("accounts.oidc.domains", "ASTERISM_OIDC_DOMAINS", Texts<String>, "a list of e-mail domains", oidc.domains),
    key!("overrides.origins", "ASTERISM_OVERRIDE_ORIGINS", Sources, ORIGINS, override_origins),
    key!("rollback.automatic", "ASTERISM_AUTO_ROLLBACK", Switch, SWITCH, auto_rollback),
    key!("rollback.min_sessions", "ASTERISM_ROLLBACK_MIN_SESSIONS", Number<u64>, NUMBER, rollback.min_sessions),
    key!("rollback.percent", "ASTERISM_ROLLBACK_PERCENT", Percent, "a number from 0 to 100, such as 5", rollback.percent),
    key!("rollback.within_minutes", "ASTERISM_ROLLBACK_WITHIN_MINUTES", Minutes, "a whole number of minutes", rollback.within),
];

impl Key {
    /// Whether it holds a value for each domain.
    pub(super) fn by_domain(&self) -> bool {
        self.name.contains('*')
    }

    /// Whether it says where the instances are.
    pub(super) fn holds_pools(&self) -> bool {
        self.name == POOLS
    }

    /// Whether a change of it takes a restart.
    pub(super) fn takes_restart(&self) -> bool {
        AT_START.contains(&self.name) || self.name.starts_with("accounts.oidc.")
    }

    /// Returns the domain when `key` is this one; the empty text for a key that is not by domain.
    pub(super) fn matches<'a>(&self, key: &'a str) -> Option<&'a str> {
        if let Some(table) = self.name.strip_suffix('*') {
            return key.strip_prefix(table);
        }
        let mut domain = "";
        let (mut wanted, mut given) = (self.name.split('.'), key.split('.'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return Some(domain),
                (Some("*"), Some(name)) => domain = name,
                (Some(wanted), Some(given)) if wanted == given => {}
                _ => return None,
            }
        }
    }
}

/// Tells whether there are keys below a table.
pub(super) fn is_table(name: &str) -> bool {
    KEYS.iter().any(|key| {
        // A domain's pools may be quoted names or a table.
        if key.name.strip_suffix('*').is_some_and(|table| name.starts_with(table)) {
            return true;
        }
        let mut wanted = key.name.split('.');
        let below = name
            .split('.')
            .all(|given| wanted.next().is_some_and(|wanted| wanted == "*" || wanted == given));
        below && wanted.next().is_some()
    })
}

/// Returns the key or table whose name is most like `name`, when one is like it.
pub(super) fn nearest(name: &str) -> Option<String> {
    let shown = |key: &Key| key.name.replace('*', "<domain>");
    if is_table(name) {
        // A table that is given a value.
        let below = [name, "."].concat();
        let found = KEYS.iter().find(|key| key.name.starts_with(&below)).map(shown);
        if found.is_some() {
            return found;
        }
    }
    let domain = name.split('.').nth(1).unwrap_or("<domain>");
    let names = KEYS.iter().flat_map(|key| {
        let table = key.name.split('.').next().unwrap_or_default();
        [key.name.replace('*', domain), table.to_owned()]
    });
    let likeness = |other: &String| strsim::normalized_damerau_levenshtein(name, other);
    let best = names.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    best.filter(|best| likeness(best) >= ALIKE).or_else(|| {
        // The right name in the wrong table.
        let last = name.rsplit('.').next();
        KEYS.iter().find(|key| key.name.rsplit('.').next() == last).map(shown)
    })
}

use std::{collections::BTreeSet, path::Path};

use super::{document, is_table, read};
use crate::{
    Config, Upstreams,
    config::{ConfigErrors, keys::KEYS},
};

const REFERENCE: &str = include_str!("../../../asterism.toml");

fn with(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let find = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    read(Some((Path::new("asterism.toml"), text)), &find)
}

const REQUIRED: &str = "server = { registry = 'r', shell_dir = 's' }\n";

fn errors(text: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let errors = with(text, environment).unwrap_err();
    errors.0.iter().map(ToString::to_string).collect()
}

/// The reference file with its keys no longer commented out: `#key = value`, where prose is `# prose`.
fn uncommented() -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(key) if !key.is_empty() && !key.starts_with(' ') => format!("{key}\n"),
        _ => format!("{line}\n"),
    };
    REFERENCE.lines().map(line).collect()
}

#[test]
fn the_reference_file_has_every_key_with_its_default() {
    let text = uncommented();
    let (given, broken) = document::read(&text, &is_table);
    assert!(broken.is_empty(), "{broken:?}");
    let given: BTreeSet<&str> = given.iter().map(|given| given.key.as_str()).collect();
    let keys = KEYS.iter().filter(|key| !key.by_domain()).map(|key| key.name);
    assert_eq!(given, keys.collect::<BTreeSet<_>>());
    // What is required has no default, so it is set here and must be all that differs.
    let environment = [("ASTERISM_REGISTRY", "r"), ("ASTERISM_SHELL_DIR", "s")];
    let default = Config { registry: "r".into(), shell_dir: "s".into(), ..Config::default() };
    assert_eq!(with(&text, &environment).unwrap(), default);
    assert_eq!(with(REFERENCE, &environment).unwrap(), default, "as it stands it sets nothing");
    for key in KEYS {
        assert!(REFERENCE.contains(key.variable), "{} is not explained", key.variable);
        if key.by_domain() {
            let table = key.name.split(".*").next().unwrap();
            assert!(REFERENCE.contains(&format!("[{table}")), "{} is not explained", key.name);
        }
    }
}

#[test]
fn names_are_used_once() {
    let names: BTreeSet<_> = KEYS.iter().map(|key| key.name).collect();
    let variables: BTreeSet<_> = KEYS.iter().map(|key| key.variable).collect();
    assert_eq!((names.len(), variables.len()), (KEYS.len(), KEYS.len()));
}

#[test]
fn the_environment_stands_over_the_file() {
    let text = "[server]\nlisten = '0.0.0.0:1'\nregistry = 'file'\nshell_dir = 's'\n\
                [upstreams]\nalpha = 'http://a:1'\nbeta = 'http://b:1'\n\
                [timeouts]\nhead_ms = 1_000\n\
                [rollback]\nautomatic = true\npercent = 7.5\n\
                [limits]\nkey = 'off'\n\
                [limits.alpha]\nsession = '1/s'\naddress = '2/s'\n";
    let environment = [
        ("ASTERISM_REGISTRY", "environment"),
        ("ASTERISM_UPSTREAMS", "beta=http://b:2, gamma=http://c:2"),
        ("ASTERISM_AUTO_ROLLBACK", "off"),
        ("ASTERISM_LIMIT_DOMAIN_SESSION", "alpha=30/min burst 10,beta=off"),
        ("ASTERISM_HEAD_TIMEOUT_MS", ""),
    ];
    let config = with(text, &environment).unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:1");
    assert_eq!(config.registry, "environment");
    let upstreams = "alpha=http://a:1,beta=http://b:2,gamma=http://c:2".parse().unwrap();
    assert_eq!(config.upstreams, upstreams);
    assert!(!config.auto_rollback);
    assert_eq!(config.limits.site.key, None);
    let alpha = &config.limits.domains["alpha"];
    assert_eq!(alpha.session, "30/min burst 10".parse().ok());
    assert_eq!(alpha.address, "2/s".parse().ok());
    assert_eq!(config.timeouts.head.as_millis(), 1000, "an empty variable is none");
    assert_eq!((config.rollback.percent, config.rollback.min_sessions), (7.5, 20));
}

#[test]
fn a_domain_may_have_pools() {
    let text = format!(
        "{REQUIRED}[upstreams]\nbeta.blue = 'http://b:1'\nalpha = 'http://a:1|http://a:2'\n\
         'beta.azure' = 'http://b:2|beta@>=2, <3'\ngamma.blue = 'http://c:1'\n"
    );
    let config = with(&text, &[("ASTERISM_UPSTREAMS", "gamma.green=http://c:2")]).unwrap();
    // The first is the primary one; what the environment says of a domain is all that counts.
    let mut expected: Upstreams = "beta.blue=http://b:1,alpha=http://a:1|http://a:2,\
                                   gamma.green=http://c:2"
        .parse()
        .unwrap();
    // The file can have a range with a comma.
    expected.add("beta.azure", "http://b:2|beta@>=2, <3").unwrap();
    assert_eq!(config.upstreams, expected);
    for (name, value, why) in [
        ("a.b.c", "http://a:1", "`b.c` is no name"),
        ("a.B", "http://a:1", "`B` is no name"),
        ("a", "a@^1", "`a.main` has no instance"),
    ] {
        let found = errors(&format!("{REQUIRED}[upstreams]\n{name} = '{value}'\n"), &[]);
        let expected = format!("asterism.toml:3: `upstreams.{name}`: {why}");
        assert!(found.len() == 1 && found[0].starts_with(&expected), "{found:?}");
    }
    let twice = errors(REQUIRED, &[("ASTERISM_UPSTREAMS", "a=http://a:1,a=http://a:2")]);
    assert_eq!(twice, ["ASTERISM_UPSTREAMS: `upstreams.*`: `a.main` is there twice"]);
}

#[test]
fn a_domain_has_its_own_patience_wherever_it_is_said() {
    let text = format!(
        "{REQUIRED}[domains.alpha]\ndeadlines_ms = '/slow=60000|/slow/er=90000'\nmax_pending = 5\n\
         [domains.alpha.breaker]\nfailures = 3\nopen_ms = 1_000\n\
         [upstreams]\nalpha = 'http://a:1'\nbeta = 'http://b:1'\n"
    );
    let environment = [
        ("ASTERISM_UPSTREAMS", "alpha=http://a:2"),
        ("ASTERISM_DOMAIN_RETRY_ATTEMPTS", "alpha=1,beta=2"),
        ("ASTERISM_DOMAIN_MAX_PENDING", "alpha=6"),
    ];
    let config = with(&text, &environment).unwrap();
    let before = Config { upstreams: "beta=http://b:1".parse().unwrap(), ..config.clone() };
    let (_, changes) = config.clone().over(&before);
    let domains = config.upstreams.into_domains();
    let alpha = &domains["alpha"];
    assert_eq!(alpha.deadline("/slow/x").unwrap().as_secs(), 60);
    assert_eq!(alpha.deadline("/slow/er").unwrap().as_secs(), 90);
    assert_eq!((alpha.max_pending, alpha.retries.attempts, alpha.retries.percent), (6, 1, 20));
    assert_eq!((alpha.breaker.failures, alpha.breaker.open.as_secs()), (3, 1));
    assert_eq!(alpha.pools["main"].instances[0].authority(), "a:2");
    assert_eq!(domains["beta"].retries.attempts, 2);
    assert!(changes.live.contains(&"domains.*.max_pending"), "{changes:?}");
    assert!(!changes.live.contains(&"domains.*.health.path"), "{changes:?}");
}

#[test]
fn what_is_wrong_with_a_domain_is_said_with_all_the_rest() {
    let text = format!(
        "{REQUIRED}[domains.alpha]\ndeadlines_ms = 'slow=1'\nmax_pending = 0\nmax_pendin = 1\n\
         [domains.alpha.retries]\npercent = 101\n[domains.beta]\nmax_pending = 1\n\
         [upstreams]\nalpha = 'http://a:1'\n"
    );
    assert_eq!(
        errors(&text, &[]),
        [
            "asterism.toml:3: `domains.alpha.deadlines_ms` is `'slow=1'`, but must be /<path>=<milliseconds>|…",
            "asterism.toml:4: `domains.alpha.max_pending` is `0`, but must be a whole number, at least 1",
            "asterism.toml:5: there is no key `domains.alpha.max_pendin`; did you mean `domains.alpha.max_pending`?",
            "asterism.toml:7: `domains.alpha.retries.percent` is `101`, but must be a whole number from 0 to 100",
            "[domains] and [upstreams]: `beta` has no pool",
        ]
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let text = "[server]\n\
                listen = 'here'\n\
                registri = 'r'\n\
                [timeouts]\n\
                head_ms = '15000'\n\
                idle_ms = 0\n\
                [upstreams]\n\
                alpha = 'https://a'\n\
                [overrides]\n\
                origins = ['http://x', 5]\n\
                [sesions]\n\
                per_address = 5\n\
                [rollback]\n\
                percent = { a = 1 }\n";
    let environment =
        [("ASTERISM_ROLLBACK_PERCENT", "NaN"), ("ASTERISM_UPSTREAMS", "b=http://b:1,beta,c=x")];
    assert_eq!(
        errors(text, &environment),
        [
            "asterism.toml:2: `server.listen` is `'here'`, but must be an address such as 127.0.0.1:8080",
            "asterism.toml:3: there is no key `server.registri`; did you mean `server.registry`?",
            "asterism.toml:5: `timeouts.head_ms` is `'15000'`, but must be a whole number of milliseconds, at least 1",
            "asterism.toml:6: `timeouts.idle_ms` is `0`, but must be a whole number of milliseconds, at least 1",
            "asterism.toml:8: `upstreams.alpha`: `https://a` is not `http://<host>:<port>`",
            "asterism.toml:10: `overrides.origins` is `['http://x', 5]`, but must be origins such as http://localhost:* or https://dev.example",
            "asterism.toml:11: there is no key `sesions`; did you mean `sessions`?",
            "asterism.toml:14: `rollback.percent` is a table, but must be a number from 0 to 100, such as 5",
            "ASTERISM_UPSTREAMS: `upstreams.*` is `beta`, but must be http://<host>:<port>|… for a domain or one of its pools",
            "ASTERISM_UPSTREAMS: `upstreams.*`: `c.main=x` is not `<domain>[.<pool>]=http://<host>:<port>|…`",
            "ASTERISM_ROLLBACK_PERCENT: `rollback.percent` is `NaN`, but must be a number from 0 to 100, such as 5",
            "set `server.registry` (or ASTERISM_REGISTRY): a folder or URL for the registry",
            "set `server.shell_dir` (or ASTERISM_SHELL_DIR): the folder of the built shell",
        ]
    );
}

#[test]
fn what_is_no_toml_is_said_with_its_line() {
    let found = errors(&format!("{REQUIRED}[timeouts]\nhead_ms = \n"), &[]);
    assert!(found[0].starts_with("asterism.toml:3: "), "{found:?}");
    let twice = errors(&format!("{REQUIRED}[rollback]\npercent = 5\npercent = 6\n"), &[]);
    assert!(twice.iter().any(|error| error.starts_with("asterism.toml:4: ")), "{twice:?}");
}

#[test]
fn an_unknown_key_is_told_the_nearest_name() {
    for (text, near) in [
        ("[server]\nlisen = 1", Some("server.listen")),
        ("[server]\nhead_ms = 1", Some("timeouts.head_ms")),
        ("rollback.min_session = 1", Some("rollback.min_sessions")),
        ("upstreams = 'x'", Some("upstreams.<domain>")),
        ("limits.sesion = 1", Some("limits.session")),
        ("limits.alpha.adress = 1", Some("limits.alpha.address")),
        ("xyzzy = 1", None),
    ] {
        let found = errors(&format!("{text}\n"), &[]);
        let hint = found[0].split_once("; did you mean `").map(|(_, hint)| hint);
        assert_eq!(hint.and_then(|hint| hint.strip_suffix("`?")), near, "{found:?}");
    }
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let named = |name: &str| (name == "ASTERISM_CONFIG").then(|| "/no/such/file.toml".to_owned());
    let error = super::load(&named).unwrap_err().to_string();
    assert!(error.contains("/no/such/file.toml: cannot read it: "), "{error}");
}

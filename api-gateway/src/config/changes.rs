//! What a new configuration changes while the process runs, and what it cannot.

use super::{Config, keys::KEYS};

/// The keys that differ from those in force.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Those that change now.
    pub live: Vec<&'static str>,
    /// Those that stay as they are until the process is started again.
    pub at_restart: Vec<&'static str>,
}

impl Config {
    /// Returns what is in force after `self` is taken over by a process that runs with `running`.
    pub(crate) fn over(mut self, running: &Self) -> (Self, Changes) {
        let mut changes = Changes::default();
        for key in KEYS {
            let old = (key.text)(running);
            if (key.text)(&self) == old {
                continue;
            }
            if key.takes_restart() {
                changes.at_restart.push(key.name);
                // Its own text always parses.
                let _kept = (key.set)(&mut self, "", &old);
            } else {
                changes.live.push(key.name);
            }
        }
        (self, changes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Changes, Config};
    use crate::config::keys::KEYS;

    #[test]
    fn what_needs_a_restart_stays() {
        let running = Config { registry: "old".into(), ..Config::default() };
        let mut new = Config {
            registry: "new".into(),
            session_secret: Some("secret".into()),
            auto_rollback: false,
            ..Config::default()
        };
        new.upstreams = "alpha=http://a:1".parse().unwrap();
        let expected = Config { registry: "old".into(), session_secret: None, ..new.clone() };
        let (config, changes) = new.over(&running);
        assert_eq!(config, expected);
        let live = vec!["upstreams.*", "rollback.automatic"];
        let at_restart = vec!["server.registry", "sessions.secret_file"];
        assert_eq!(changes, Changes { live, at_restart });
        assert_eq!(config.clone().over(&config).1, Changes::default());
    }

    #[test]
    fn the_text_of_every_value_sets_it_again() {
        let default = Config::default();
        for key in KEYS.iter().filter(|key| !key.by_domain()) {
            let mut config = Config::default();
            assert_eq!((key.set)(&mut config, "", &(key.text)(&default)), Ok(()), "{}", key.name);
            assert_eq!(config, default, "{}", key.name);
        }
    }
}

//! From the file and the environment to one configuration, or to everything that is wrong.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{
    Config, ConfigError, ConfigErrors,
    codec::items,
    document::{self, Given},
    error::Place,
    keys::{KEYS, Key, Wrong, is_table, nearest},
};

/// Names the file.
const FILE: &str = "ASTERISM_CONFIG";
/// The file when nobody names one.
const USUAL: &str = "asterism.toml";

/// The environment, or what stands for it in tests.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// See [`Config::load`].
pub(super) fn load(environment: Environment<'_>) -> Result<Config, ConfigErrors> {
    let named = environment(FILE).filter(|file| !file.is_empty()).map(PathBuf::from);
    let must_exist = named.is_some();
    let file = named.unwrap_or_else(|| USUAL.into());
    let unreadable = |why: std::io::Error| {
        let (file, why) = (file.display().to_string(), why.to_string());
        ConfigErrors(vec![ConfigError::Unreadable { file, why }])
    };
    match fs::read_to_string(&file) {
        Ok(text) => read(Some((&file, &text)), environment),
        Err(error) if error.kind() == ErrorKind::NotFound && !must_exist => read(None, environment),
        Err(error) => Err(unreadable(error)),
    }
}

fn read(file: Option<(&Path, &str)>, environment: Environment<'_>) -> Result<Config, ConfigErrors> {
    let mut reader = Reader::default();
    if let Some((file, text)) = file {
        reader.file(file, text);
    }
    for key in KEYS {
        if let Some(text) = environment(key.variable).filter(|text| !text.is_empty()) {
            reader.variable(key, &text);
        }
    }
    for key in KEYS.iter().filter(|key| key.required && (key.text)(&reader.config).is_empty()) {
        let Key { name: key, variable, expected, .. } = *key;
        reader.errors.push(ConfigError::Missing { key, variable, expected });
    }
    for wrong in reader.config.upstreams.wrong() {
        reader.errors.push(ConfigError::Unusable(format!("[domains] and [upstreams]: {wrong}")));
    }
    if let Err(error) = reader.config.tls.load() {
        reader.errors.push(ConfigError::Unusable(format!("[tls]: {}", service_kit::chain(&error))));
    }
    let unusable = |wrong: String| ConfigError::Unusable(wrong);
    let Config { oidc, data_dir, passwords, .. } = &reader.config;
    if let Some(wrong) = oidc.wrong(data_dir.is_some()) {
        reader.errors.push(unusable(format!("[accounts.oidc]: {wrong}")));
    }
    if !passwords && !oidc.is_there() {
        let wrong =
            "`accounts.passwords` is off and there is no [accounts.oidc]: nobody could sign in";
        reader.errors.push(unusable(wrong.to_owned()));
    }
    let Reader { config, errors } = reader;
    if errors.is_empty() { Ok(config) } else { Err(ConfigErrors(errors)) }
}

#[derive(Default)]
struct Reader {
    config: Config,
    errors: Vec<ConfigError>,
}

impl Reader {
    fn file(&mut self, file: &Path, text: &str) {
        let (given, broken) = document::read(text, &is_table);
        for document::Broken { line, message } in broken {
            let place = Place::Line(file.into(), line).to_string();
            self.errors.push(ConfigError::Syntax { place, message });
        }
        for given in given {
            self.given(&Place::Line(file.into(), given.line), &given);
        }
    }

    fn given(&mut self, place: &Place, given: &Given) {
        let found = KEYS.iter().find_map(|key| Some((key, key.matches(&given.key)?)));
        let Some((key, domain)) = found else {
            let (place, key) = (place.to_string(), given.key.clone());
            let near = nearest(&key);
            return self.errors.push(ConfigError::Unknown { place, key, near });
        };
        let text = given.text(key.shape).ok_or(Wrong::Value);
        if let Err(wrong) = text.and_then(|text| self.set(key, domain, &text)) {
            self.wrong(wrong, place, key, &given.key, given.source.clone());
        }
    }

    fn variable(&mut self, key: &Key, text: &str) {
        let place = Place::Variable(key.variable);
        if !key.by_domain() {
            if let Err(wrong) = self.set(key, "", text) {
                self.wrong(wrong, &place, key, key.name, format!("`{text}`"));
            }
            return;
        }
        if key.holds_pools() {
            // Pools of the environment and of the file would not be one domain.
            for (pool, _) in items(text).filter_map(|item| item.split_once('=')) {
                self.config.upstreams.without_pools(pool);
            }
        }
        for item in items(text) {
            let pair = item.split_once('=').ok_or(Wrong::Value);
            if let Err(wrong) = pair.and_then(|(domain, text)| self.set(key, domain, text)) {
                self.wrong(wrong, &place, key, key.name, format!("`{item}`"));
            }
        }
    }

    fn set(&mut self, key: &Key, domain: &str, text: &str) -> Result<(), Wrong> {
        (key.set)(&mut self.config, domain, text)
    }

    fn wrong(&mut self, wrong: Wrong, place: &Place, key: &Key, name: &str, value: String) {
        let (place, expected) = (place.to_string(), key.expected);
        self.errors.push(match wrong {
            Wrong::Value => ConfigError::Invalid { place, key: name.to_owned(), value, expected },
            Wrong::Because(why) => ConfigError::Unusable(format!("{place}: `{name}`: {why}")),
        });
    }
}

#[cfg(test)]
mod tests;

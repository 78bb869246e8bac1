//! What a bundle must be before it is stored. Pure: bytes in, descriptor or refusal out.

use std::collections::HashMap;

use bytes::Bytes;
use contract::{Descriptor, Kind, SCHEMA, valid_name};

use crate::{ArchiveLimits, Bundle, DESCRIPTOR, RegistryError, SIGNATURE, integrity};

/// Longest path of a file in a bundle.
const LONGEST_NAME: usize = 200;
/// Longest version; it is a path segment and a header value.
const LONGEST_VERSION: usize = 64;
/// The properties by which Yew marks DOM nodes. Two bundles that share them fire each other's handlers.
const YEW_BRANDS: [&str; 3] =
    [".__yew_subtree_id", ".__yew_listener_id", ".__yew_subtree_cache_key"];

/// Returns the descriptor of a bundle that keeps every rule.
pub(crate) fn check(bundle: &Bundle) -> Result<Descriptor, RegistryError> {
    let descriptor: Descriptor = serde_json::from_slice(&bundle.descriptor)
        .map_err(|error| refuse(format!("`{DESCRIPTOR}` cannot be read: {error}")))?;
    identity(&descriptor)?;
    for name in descriptor.files.keys() {
        if !safe_name(name) {
            return Err(refuse(format!(
                "the file name `{name}` is not allowed: use up to {LONGEST_NAME} characters of \
                 A–Z, a–z, 0–9, `-`, `_`, `.`, `/`, and no `{DESCRIPTOR}`, `.br` or `.gz`"
            )));
        }
    }
    distinct(&descriptor)?;
    references(&descriptor)?;
    contents(bundle, &descriptor)?;
    if descriptor.kind == Kind::Yew {
        brands(bundle)?;
    }
    Ok(descriptor)
}

/// Tells whether a version may name a folder: semver in its one spelling.
pub(crate) fn valid_version(version: &str) -> bool {
    version.len() <= LONGEST_VERSION && semver::Version::parse(version).is_ok()
}

/// Tells whether a file may have this name, in the store and in a URL.
pub(crate) fn safe_name(name: &str) -> bool {
    let segment = |s: &str| {
        !matches!(s, "" | "." | "..")
            && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    name.len() <= LONGEST_NAME
        && !name.eq_ignore_ascii_case(DESCRIPTOR)
        && !name.eq_ignore_ascii_case(SIGNATURE)
        && !name.ends_with(".br")
        && !name.ends_with(".gz")
        && name.split('/').all(segment)
}

fn identity(descriptor: &Descriptor) -> Result<(), RegistryError> {
    let Descriptor { schema, name, version, contract, .. } = descriptor;
    if *schema != SCHEMA {
        return Err(refuse(format!("`schema` is {schema}, this registry knows {SCHEMA}")));
    }
    if !valid_name(name) {
        return Err(refuse(format!(
            "`name` is `{name}`, but must be 1–40 characters of a–z, 0–9 and inner dashes, starting \
             with a letter"
        )));
    }
    if !valid_version(version) {
        return Err(refuse(format!("`version` is `{version}`, but must be semver such as 1.4.2")));
    }
    semver::VersionReq::parse(contract).map(drop).map_err(|error| {
        refuse(format!("`contract` is `{contract}`, but must be a range such as ^1.0 ({error})"))
    })
}

/// Checks that the files fit and can lie side by side in every store.
fn distinct(descriptor: &Descriptor) -> Result<(), RegistryError> {
    let limits = ArchiveLimits::default();
    if descriptor.files.len() > limits.files {
        return Err(refuse(format!("`files` lists more than {}", limits.files)));
    }
    let total = descriptor.files.values().fold(0_u64, |sum, file| sum.saturating_add(file.bytes));
    if total > limits.bytes {
        return Err(refuse(format!("the files have {total} bytes, more than {}", limits.bytes)));
    }
    let mut seen = HashMap::new();
    for name in descriptor.files.keys() {
        if let Some(other) = seen.insert(name.to_ascii_lowercase(), name) {
            return Err(refuse(format!("`{other}` and `{name}` differ only in case")));
        }
    }
    for name in descriptor.files.keys() {
        let folders = name.match_indices('/').filter_map(|(at, _)| name.get(..at));
        if let Some(file) = folders.filter_map(|f| seen.get(&f.to_ascii_lowercase())).next() {
            return Err(refuse(format!("`{file}` is a file and the folder of `{name}`")));
        }
    }
    Ok(())
}

fn references(descriptor: &Descriptor) -> Result<(), RegistryError> {
    let entry = ("entry", &descriptor.entry);
    let styles = descriptor.styles.iter().map(|file| ("styles", file));
    let preload = descriptor.preload.iter().map(|file| ("preload", file));
    for (field, file) in std::iter::once(entry).chain(styles).chain(preload) {
        if !descriptor.files.contains_key(file) {
            return Err(refuse(format!("`{field}` names `{file}`, which `files` does not list")));
        }
    }
    if let Some(route) = descriptor.routes.iter().find(|route| !route.path.starts_with('/')) {
        return Err(refuse(format!("the route `{}` must start with `/`", route.path)));
    }
    if let Some(api) = descriptor.apis.iter().find(|api| !valid_name(api)) {
        return Err(refuse(format!("`apis` names `{api}`, which is no domain's name")));
    }
    Ok(())
}

fn contents(bundle: &Bundle, descriptor: &Descriptor) -> Result<(), RegistryError> {
    for (name, info) in &descriptor.files {
        let Some(bytes) = bundle.files.get(name) else {
            return Err(refuse(format!("`{name}` is listed but not in the bundle")));
        };
        if u64::try_from(bytes.len()).ok() != Some(info.bytes) {
            let (is, listed) = (bytes.len(), info.bytes);
            return Err(refuse(format!("`{name}` is {is} bytes, but listed with {listed}")));
        }
        if integrity(bytes) != info.integrity {
            return Err(refuse(format!(
                "`{name}` does not have the listed integrity: it changed after it was hashed"
            )));
        }
    }
    match bundle.files.keys().find(|name| !descriptor.files.contains_key(*name)) {
        Some(name) => Err(refuse(format!("`{name}` is in the bundle but not listed in `files`"))),
        None => Ok(()),
    }
}

fn brands(bundle: &Bundle) -> Result<(), RegistryError> {
    let scripts =
        bundle.files.iter().filter(|(name, _)| name.ends_with(".js") || name.ends_with(".mjs"));
    for (name, bytes) in scripts {
        if let Some(brand) = YEW_BRANDS.iter().find(|brand| contains(bytes, brand)) {
            return Err(refuse(format!(
                "`{name}` still has Yew's own `{brand}`, so its clicks would reach other remotes: \
                 rename `.__yew_` to `.__yew_<name>_` in the glue, as `cargo asterism build` does"
            )));
        }
    }
    Ok(())
}

fn contains(bytes: &Bytes, text: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(text)
}

fn refuse(why: String) -> RegistryError {
    RegistryError::InvalidBundle(why)
}

#[cfg(test)]
mod tests {
    use super::{safe_name, valid_version};

    #[test]
    fn file_names_are_safe_in_stores_and_urls() {
        for good in ["a.js", "search-3f9a_bg.wasm", "fonts/inter.woff2", ".x"] {
            assert!(safe_name(good), "{good}");
        }
        let long = "a".repeat(201);
        for bad in [
            "",
            "/a",
            "a/",
            "a//b",
            "../a",
            "a/../b",
            "a\\b",
            "a?b",
            "a#1",
            "a%2f",
            "é.js",
            "a b",
            "remote.json",
            "a.js.br",
            "a.gz",
            &long,
        ] {
            assert!(!safe_name(bad), "{bad}");
        }
    }

    #[test]
    fn versions_are_semver() {
        for good in ["1.0.0", "0.1.1", "1.0.0-rc.1", "1.0.0+build.5"] {
            assert!(valid_version(good), "{good}");
        }
        for bad in ["", "1.0", "v1.0.0", "01.0.0", "1.0.0/..", &format!("1.0.{}", "1".repeat(70))] {
            assert!(!valid_version(bad), "{bad}");
        }
    }
}

//! `remote.json`: what a remote says about itself.
//!
//! Not here: who released it and when. That is the manifest's, because it changes and this does not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The version of the descriptor's and the manifest's own shape.
pub const SCHEMA: u32 = 1;

/// The immutable description of one published version of one remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Descriptor {
    /// Always [`SCHEMA`].
    pub schema: u32,
    /// Lower-case letters, digits and dashes, see [`valid_name`].
    pub name: String,
    /// Semver. Never reused once published.
    pub version: String,
    /// Semver range of the host contract that this remote needs, for example `^1.0`.
    pub contract: String,
    /// ES module with single-spa's lifecycle, relative to the descriptor.
    pub entry: String,
    /// Stylesheets for the remote's shadow root, relative, in order.
    #[serde(default)]
    pub styles: Vec<String>,
    /// Files that the entry will fetch (WASM), relative, for preloading.
    #[serde(default)]
    pub preload: Vec<String>,
    /// Every file of the bundle but the descriptor itself.
    pub files: BTreeMap<String, FileInfo>,
    /// The paths that this remote answers.
    #[serde(default)]
    pub routes: Vec<RouteSpec>,
    /// The `/api/<domain>` domains that it may call.
    #[serde(default)]
    pub apis: Vec<String>,
    /// What made the bundle.
    #[serde(default)]
    pub kind: Kind,
    /// Where it came from.
    pub built: Built,
}

/// Size and integrity of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileInfo {
    /// Subresource integrity, `sha384-<base64>`.
    pub integrity: String,
    /// Uncompressed length in bytes.
    pub bytes: u64,
}

/// One path pattern of a remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RouteSpec {
    /// `/`, `/story/:id` or `/industries/*`.
    pub path: String,
    /// What the shell shows in the document title until the remote says better.
    pub title: String,
    /// Present when the route stands in the navigation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nav: Option<Nav>,
}

/// An entry in the shell's navigation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Nav {
    /// The link's text.
    pub label: String,
    /// Ascending; equal orders sort by label.
    pub order: i32,
}

/// The framework of a bundle, which decides the checks that packaging and registry apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Built with the remote kit; the three `__yew_` brands must be renamed.
    Yew,
    /// Any other ES module with the lifecycle.
    #[default]
    Module,
}

/// Provenance of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Built {
    /// Git commit, empty when built outside a checkout.
    pub commit: String,
    /// RFC 3339, UTC.
    pub at: String,
    /// Compiler and framework, for people.
    pub toolchain: String,
}

/// Tells whether `name` may name a remote: 1–40 characters of `a–z`, `0–9` and inner dashes,
/// starting with a letter.
///
/// Names become paths, header values and JavaScript property suffixes, hence the narrow alphabet.
#[must_use]
pub fn valid_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    (1..=40).contains(&bytes.len())
        && bytes[0].is_ascii_lowercase()
        && bytes[bytes.len() - 1] != b'-'
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

#[cfg(test)]
mod tests {
    use super::valid_name;

    #[test]
    fn names_are_safe_in_paths_headers_and_scripts() {
        for good in ["search", "a", "ward-risk", "v2"] {
            assert!(valid_name(good), "{good}");
        }
        for bad in ["", "Search", "-a", "a-", "1a", "a/b", "..", "a b", "é", &"a".repeat(41)] {
            assert!(!valid_name(bad), "{bad}");
        }
    }
}

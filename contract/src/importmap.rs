//! `/importmap.json`: the manifest as a standard import map, for JavaScript hosts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Manifest, RemoteState};

/// An [import map](https://html.spec.whatwg.org/#import-maps) with `integrity`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportMap {
    /// Bare specifier (the remote's name) to entry URL.
    pub imports: BTreeMap<String, String>,
    /// Script URL to `sha384-…`.
    pub integrity: BTreeMap<String, String>,
}

impl From<&Manifest> for ImportMap {
    fn from(manifest: &Manifest) -> Self {
        let mut map = Self::default();
        for (name, RemoteState { active, canary: _, previous: _, withdrawn: _ }) in
            &manifest.remotes
        {
            map.imports.insert(name.clone(), active.url(&active.entry));
            for (file, info) in &active.files {
                if file.ends_with(".js") || file.ends_with(".mjs") {
                    map.integrity.insert(active.url(file), info.integrity.clone());
                }
            }
        }
        map
    }
}

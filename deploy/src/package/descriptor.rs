//! `remote.json`.

use contract::{Built, Descriptor, SCHEMA};

use super::Packaged;
use crate::workspace::Facts;

/// Describes a packaged remote.
pub(crate) fn describe(
    facts: &Facts,
    version: &str,
    packaged: &Packaged,
    built: Built,
) -> Descriptor {
    let Facts { name, contract, apis, routes, kind, budget: _ } = facts.clone();
    let Packaged { entry, wasm, styles, files } = packaged.clone();
    Descriptor {
        schema: SCHEMA,
        name,
        version: version.to_owned(),
        contract,
        entry,
        styles,
        preload: vec![wasm],
        files,
        routes,
        apis,
        kind,
        built,
    }
}

//! A remote without anything in it.

use std::collections::BTreeMap;

use contract::{Built, Descriptor, FileInfo, Kind, SCHEMA};

use crate::build::DraftRemote;

/// Returns a build of `visits` with one file that carries its name.
pub(in crate::dev) fn draft(build: &str) -> DraftRemote {
    let file = format!("visits-{build}.js");
    let info = FileInfo { integrity: "sha384-x".to_owned(), bytes: 1 };
    let descriptor = Descriptor {
        schema: SCHEMA,
        name: "visits".to_owned(),
        version: "0.1.0-dev".to_owned(),
        contract: "^1.0".to_owned(),
        entry: file.clone(),
        styles: Vec::new(),
        preload: Vec::new(),
        files: BTreeMap::from([(file.clone(), info)]),
        routes: Vec::new(),
        apis: vec!["visits".to_owned()],
        kind: Kind::Yew,
        built: Built { commit: String::new(), at: String::new(), toolchain: String::new() },
    };
    DraftRemote { descriptor, files: BTreeMap::from([(file, build.as_bytes().to_vec())]) }
}

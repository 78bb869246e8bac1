//! Manifests for tests.

use contract::{HOST_CONTRACT, Kind, Manifest, Nav, Release, RemoteState, RouteSpec};

/// A route, with label and order when it stands in the navigation.
pub(crate) fn route(path: &str, title: &str, nav: Option<(&str, i32)>) -> RouteSpec {
    let nav = nav.map(|(label, order)| Nav { label: label.to_owned(), order });
    RouteSpec { path: path.to_owned(), title: title.to_owned(), nav }
}

/// Version 1.0.0 of a remote with an entry and nothing else.
pub(crate) fn release(name: &str, routes: &[RouteSpec]) -> Release {
    Release {
        version: "1.0.0".to_owned(),
        base: ["/remotes/", name, "/1.0.0/"].concat(),
        entry: "entry.js".to_owned(),
        styles: Vec::new(),
        preload: Vec::new(),
        files: [].into(),
        routes: routes.to_vec(),
        apis: Vec::new(),
        contract: "^1.0".to_owned(),
        kind: Kind::Module,
        signed: None,
    }
}

/// A manifest of remotes with their routes.
pub(crate) fn manifest(remotes: &[(&str, &[RouteSpec])]) -> Manifest {
    let mut manifest = Manifest::empty(HOST_CONTRACT, "2026-01-01T00:00:00Z");
    for (name, routes) in remotes {
        let active = release(name, routes);
        let state = RemoteState { active, canary: None, previous: None, withdrawn: Vec::new() };
        manifest.remotes.insert((*name).to_owned(), state);
    }
    manifest
}

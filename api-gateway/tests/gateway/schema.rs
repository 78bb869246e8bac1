//! The committed JSON Schemas are those of the Rust types, and are what the gateway serves.

use contract::{Descriptor, Manifest};
use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use crate::Site;

/// Compares, or writes when `UPDATE=1` is set.
fn check<T: JsonSchema>(name: &str) {
    let path = [env!("CARGO_MANIFEST_DIR"), "/../contract/schema/", name].concat();
    let schema = serde_json::to_value(schema_for!(T)).unwrap();
    // Compared as values: the order of keys depends on what else is built.
    let same = || {
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        serde_json::from_str::<Value>(&committed).is_ok_and(|committed| committed == schema)
    };
    if std::env::var_os("UPDATE").is_some() && !same() {
        let text = serde_json::to_string_pretty(&schema_for!(T)).unwrap() + "\n";
        std::fs::write(&path, text).unwrap();
    }
    assert!(same(), "{path} is old: run `UPDATE=1 cargo test -p api-gateway schema`");
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    check::<Manifest>("manifest.json");
    check::<Descriptor>("remote.json");
}

#[tokio::test]
async fn the_gateway_serves_them() {
    let site = Site::new("").await;
    for (path, title) in
        [("/schema/manifest.json", "Manifest"), ("/schema/remote.json", "Descriptor")]
    {
        let answer = site.get(path, &[]).await;
        assert_eq!(answer.header("content-type"), "application/schema+json");
        assert_eq!((answer.status.as_u16(), &answer.json()["title"]), (200, &title.into()));
    }
    assert_eq!(site.get("/schema/other.json", &[]).await.problem().0, 404);
}

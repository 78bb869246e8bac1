//! What this version of the contract promises is committed in `contract/baseline/contract.json`. A change is
//! refused unless [`HOST_CONTRACT`] announces it: a major step when it can break a remote or a host that was
//! built before, a minor step when it only adds.
//!
//! `UPDATE=1 cargo test -p contract --features schema` takes a change over, once it is announced.
#![cfg(feature = "schema")]
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

use std::collections::BTreeSet;

use contract::{HOST_CONTRACT, lifecycle, topics};
use schemars::{JsonSchema, schema_for};
use semver::Version;
use serde_json::{Value, json};

fn schema<T: JsonSchema>() -> Value {
    serde_json::to_value(schema_for!(T)).unwrap()
}

/// Everything that crosses a boundary and that a remote or a host can be built against.
fn current() -> Value {
    use lifecycle::{host, report};
    json!({
        "version": HOST_CONTRACT,
        "documents": {
            "manifest": schema::<contract::Manifest>(),
            "remote": schema::<contract::Descriptor>(),
            "signature": schema::<contract::Signature>(),
            "importmap": schema::<contract::ImportMap>(),
            "revision-event": schema::<contract::RevisionEvent>(),
            "beacons": schema::<contract::Beacons>(),
            "page": schema::<contract::PageConfig>(),
            "problem": schema::<contract::Problem>(),
        },
        "names": {
            "props": [lifecycle::DOM_ELEMENT, lifecycle::HOST, lifecycle::RESTORED],
            "functions": [lifecycle::SAVE],
            "host": [
                host::CONTRACT, host::BASE_PATH, host::LOCATION, host::NAVIGATE, host::ON_LOCATION,
                host::PUBLISH, host::SUBSCRIBE, host::FETCH, host::REPORT, host::THEME, host::LOCALE,
                host::ON_PREFERENCE,
            ],
            "reports": [report::MOUNTED, report::FAILED, report::PANICKED],
            "topics": [topics::TITLE, topics::ANNOUNCE],
            "events": [contract::REVISION],
            "paths": [contract::BEACONS],
        },
    })
}

/// What became of a contract.
#[derive(Debug, Default)]
struct Changes {
    breaking: Vec<String>,
    added: Vec<String>,
}

/// Compares by key and by set; prose does not count. What is required may not change at all: one side
/// would miss what the other leaves out.
fn compare(at: &str, old: &Value, new: &Value, changes: &mut Changes) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                if matches!(name.as_str(), "description" | "version" | "title" | "$schema") {
                    continue;
                }
                let at = format!("{at}/{name}");
                match (old.get(name), new.get(name)) {
                    (Some(old), Some(new)) => compare(&at, old, new, changes),
                    (Some(_), None) => changes.breaking.push(format!("{at} is gone")),
                    (None, _) => changes.added.push(at),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            let plain = |items: &[Value]| items.iter().map(bare).collect::<BTreeSet<_>>();
            let (old, new) = (plain(old), plain(new));
            let gone = old.difference(&new).map(|item| format!("{at}: {item} is gone"));
            changes.breaking.extend(gone);
            let came = new.difference(&old).map(|item| format!("{at}: {item}"));
            if at.ends_with("/required") {
                changes.breaking.extend(came);
            } else {
                changes.added.extend(came);
            }
        }
        (old, new) if old != new => changes.breaking.push(format!("{at}: {old} became {new}")),
        _ => {}
    }
}

/// Returns an item of a list without its prose.
fn bare(item: &Value) -> String {
    let mut item = item.clone();
    if let Some(fields) = item.as_object_mut() {
        fields.remove("description");
    }
    item.to_string()
}

/// Returns the lowest version that may be announced for `changes`, `None` when nothing changed.
fn least(before: &Version, changes: &Changes) -> Option<Version> {
    match (changes.breaking.is_empty(), changes.added.is_empty()) {
        (true, true) => None,
        (true, false) => Some(Version::new(before.major, before.minor + 1, 0)),
        (false, _) => Some(Version::new(before.major + 1, 0, 0)),
    }
}

#[test]
fn a_change_of_the_contract_is_announced_by_its_version() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline/contract.json");
    let now = current();
    let write =
        || std::fs::write(path, serde_json::to_string_pretty(&now).unwrap() + "\n").unwrap();
    let update = std::env::var_os("UPDATE").is_some();
    let Ok(text) = std::fs::read_to_string(path) else {
        assert!(update, "{path} is missing");
        return write();
    };
    let baseline: Value = serde_json::from_str(&text).unwrap();
    let before = Version::parse(baseline["version"].as_str().unwrap()).unwrap();
    let announced = Version::parse(HOST_CONTRACT).unwrap();
    let mut changes = Changes::default();
    compare("", &baseline, &now, &mut changes);
    if let Some(least) = least(&before, &changes) {
        assert!(
            announced >= least,
            "the contract changed since {before}; raise HOST_CONTRACT to {least} or take the change \
             back: {changes:#?}"
        );
    }
    if update {
        write();
    } else {
        // As values: the order of keys depends on what else is built.
        assert!(
            baseline == now,
            "run `UPDATE=1 cargo test -p contract --features schema` and commit {path}"
        );
    }
}

#[test]
fn what_breaks_others_is_told_from_what_only_adds() {
    let old = json!({"documents": {"d": {
        "properties": {"a": {"type": "string", "description": "x"}, "b": {"type": "integer"}},
        "required": ["a"], "enum": ["one", "two"],
    }}});
    let changed = |edit: fn(&mut Value)| {
        let mut new = old.clone();
        edit(&mut new["documents"]["d"]);
        let mut changes = Changes::default();
        compare("", &old, &new, &mut changes);
        least(&Version::new(1, 4, 2), &changes).map(|version| version.to_string())
    };
    let breaking: [fn(&mut Value); 5] = [
        |d| drop(d["properties"].as_object_mut().unwrap().remove("b")),
        |d| d["properties"]["b"]["type"] = json!("string"),
        |d| d["required"] = json!(["a", "b"]),
        |d| d["required"] = json!([]),
        |d| d["enum"] = json!(["one"]),
    ];
    for edit in breaking {
        assert_eq!(changed(edit).as_deref(), Some("2.0.0"));
    }
    let adding: [fn(&mut Value); 2] = [
        |d| d["properties"]["c"] = json!({"type": "string"}),
        |d| d["enum"] = json!(["one", "two", "three"]),
    ];
    for edit in adding {
        assert_eq!(changed(edit).as_deref(), Some("1.5.0"));
    }
    assert_eq!(changed(|d| d["properties"]["a"]["description"] = json!("better said")), None);
}

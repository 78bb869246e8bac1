//! Small tables of made-up stories.

use mfe_stories_api::ClientKind;

use super::{Sketch, rank};

/// Nothing of it is shared with another sketch, unless the test sets it so.
fn sketch(id: &str) -> Sketch {
    let own = |what: &str| [what, " of ", id].concat();
    Sketch {
        id: id.to_owned(),
        client: own("client"),
        client_kind: ClientKind::Named,
        industry: own("industry"),
        capability: own("capability"),
        sub_category: own("sub-category"),
        theme: own("theme"),
        tags: vec![own("tag")],
    }
}

fn with(id: &str, change: impl FnOnce(&mut Sketch)) -> Sketch {
    let mut sketch = sketch(id);
    change(&mut sketch);
    sketch
}

fn story() -> Sketch {
    with("story", |s| {
        s.client = "Northbank".to_owned();
        s.industry = "Banking".to_owned();
        s.capability = "Integration".to_owned();
        s.sub_category = "Event Streaming".to_owned();
        s.theme = "Delivery".to_owned();
        s.tags = ["Kafka", "CDC", "Rust"].map(str::to_owned).to_vec();
    })
}

fn ids(all: &[Sketch], limit: usize) -> Vec<String> {
    rank(&story(), all, limit).into_iter().map(|m| m.id).collect()
}

#[test]
fn nearer_stories_come_first_and_strangers_not_at_all() {
    let all = [
        sketch("stranger"),
        with("theme", |s| s.theme = "Delivery".to_owned()),
        with("client", |s| s.client = "Northbank".to_owned()),
        with("sub", |s| s.sub_category = "Event Streaming".to_owned()),
        story(),
        with("capability", |s| s.capability = "Integration".to_owned()),
    ];
    assert_eq!(ids(&all, 20), ["sub", "client", "capability", "theme"]);
    assert_eq!(ids(&all, 2), ["sub", "client"]);
}

#[test]
fn the_most_telling_thing_in_common_is_the_reason() {
    for (expected, other) in [
        ("Also Event Streaming", with("a", |s| s.sub_category = "Event Streaming".to_owned())),
        ("Same client", with("a", |s| s.client = "Northbank".to_owned())),
        ("Also Integration", with("a", |s| s.capability = "Integration".to_owned())),
        ("Both about CDC", with("a", |s| s.tags = vec!["CDC".to_owned()])),
        (
            "Both about Kafka and Rust",
            with("a", |s| s.tags = vec!["Rust".to_owned(), "Kafka".to_owned()]),
        ),
        ("Also in Banking", with("a", |s| s.industry = "Banking".to_owned())),
        ("Also Delivery", with("a", |s| s.theme = "Delivery".to_owned())),
    ] {
        assert_eq!(rank(&story(), &[other], 1)[0].reason, expected);
    }
}

#[test]
fn two_unnamed_clients_are_not_the_same() {
    let unnamed = |id| {
        with(id, |s| {
            s.client = "Several".to_owned();
            s.client_kind = ClientKind::Generic;
        })
    };
    assert_eq!(rank(&unnamed("a"), &[unnamed("b")], 4), []);
}

#[test]
fn one_client_does_not_take_every_place_while_others_fit() {
    let near = |id| {
        with(id, |s| {
            s.client = "Northbank".to_owned();
            s.sub_category = "Event Streaming".to_owned();
        })
    };
    let far = |id| with(id, |s| s.theme = "Delivery".to_owned());
    let all = [near("n1"), near("n2"), near("n3"), near("n4"), far("f1"), far("f2"), far("f3")];
    assert_eq!(ids(&all, 4), ["n1", "n2", "f1", "f2"]);
    assert_eq!(ids(&all[..5], 4), ["n1", "n2", "n3", "f1"]);
    assert_eq!(ids(&all[..4], 4), ["n1", "n2", "n3", "n4"]);
    assert_eq!(ids(&all, 1), ["n1"]);
}

//! Made-up stories, and the demo ones.

use mfe_stories_api::{ClientKind, NARRATIVE, Story};

use super::{Likeness, Match};
use crate::demo_stories;

/// Nothing of it is shared with another story, unless the test sets it so.
fn story(id: &str, change: impl FnOnce(&mut Story)) -> Story {
    let own = |what: &str| [what, "of", id].concat();
    let demo = demo_stories().unwrap().swap_remove(0);
    let mut story = Story {
        id: id.to_owned(),
        title: own("title"),
        client: own("client"),
        client_kind: ClientKind::Named,
        capability: own("capability"),
        sub_category: own("sub"),
        category: "Build".to_owned(),
        tags: vec![own("tag")],
        summary: own("summary"),
        competencies: vec![],
        use_cases: vec![],
        ..demo
    };
    change(&mut story);
    story
}

fn one() -> Story {
    story("one", |s| {
        s.client = "Northbank".to_owned();
        s.capability = "Integration".to_owned();
        s.sub_category = "Event Streaming".to_owned();
        s.tags = ["Kafka", "CDC", "Rust"].map(str::to_owned).to_vec();
        s.summary = "Ferries ran late whenever fog closed the harbour entrance".to_owned();
    })
}

fn rank(others: &[Story], limit: usize) -> Vec<Match> {
    let mut likeness = Likeness::default();
    for story in others.iter().chain([&one()]) {
        likeness.put(story);
    }
    likeness.rank("one", limit, false).unwrap()
}

#[test]
fn the_most_telling_thing_in_common_is_the_reason() {
    type Change = fn(&mut Story);
    let cases: [(&str, Change); 6] = [
        ("Same client", |s| s.client = "Northbank".to_owned()),
        ("Same technique: Event Streaming", |s| s.sub_category = "Event Streaming".to_owned()),
        ("Same technique: Integration", |s| s.capability = "Integration".to_owned()),
        ("Same technique: cdc", |s| s.tags = vec!["cdc".to_owned()]),
        ("Same technique: Rust and Kafka", |s| {
            s.tags = ["Rust", "Kafka"].map(str::to_owned).to_vec();
        }),
        ("Similar story", |s| s.summary = "Fog closed a harbour and the ferry was late".to_owned()),
    ];
    for (expected, change) in cases {
        let found = rank(&[story("other", change), story("stranger", |_| ())], 4);
        let reasons: Vec<_> = found.iter().map(|m| (m.id.as_str(), m.reason.as_str())).collect();
        assert_eq!(reasons, [("other", expected)]);
    }
}

#[test]
fn two_unnamed_clients_are_not_the_same() {
    let unnamed = |id| {
        story(id, |s| {
            s.client = "Several".to_owned();
            s.client_kind = ClientKind::Generic;
        })
    };
    let mut likeness = Likeness::default();
    likeness.put(&unnamed("a"));
    likeness.put(&unnamed("b"));
    assert_eq!(likeness.rank("a", 4, false), Some(vec![]));
    assert_eq!(likeness.rank("c", 4, false), None);
}

#[test]
fn neither_one_client_nor_one_reason_takes_every_place() {
    let client = |id| story(id, |s| s.client = "Northbank".to_owned());
    let technique = |id| story(id, |s| s.sub_category = "Event Streaming".to_owned());
    let all = [
        client("c1"),
        client("c2"),
        client("c3"),
        technique("t1"),
        technique("t2"),
        technique("t3"),
    ];
    let found: Vec<_> = rank(&all, 4).into_iter().map(|m| m.id).collect();
    assert_eq!(found, ["c1", "c2", "t1", "t2"]);
    // Alone they may have all.
    assert_eq!(rank(&all[..3], 4).len(), 3);
}

#[test]
fn narrative_stories_come_only_when_asked_for() {
    let near = |id| {
        story(id, |s| {
            s.sub_category = "Event Streaming".to_owned();
            s.category = NARRATIVE.to_owned();
        })
    };
    assert_eq!(rank(&[near("n")], 4), []);
    let mut likeness = Likeness::default();
    for story in demo_stories().unwrap() {
        likeness.put(&story);
    }
    let narrative: Vec<_> = demo_stories()
        .unwrap()
        .into_iter()
        .filter(|s| s.category == NARRATIVE)
        .map(|s| s.id)
        .collect();
    assert!(!narrative.is_empty());
    let mut seen = false;
    for story in demo_stories().unwrap() {
        let found = likeness.rank(&story.id, 4, false).unwrap();
        assert_eq!(found.len(), 4, "{}", story.id);
        assert!(
            found.iter().all(|m| !narrative.contains(&m.id) && m.id != story.id),
            "{}",
            story.id
        );
        seen |=
            likeness.rank(&story.id, 4, true).unwrap().iter().any(|m| narrative.contains(&m.id));
    }
    assert!(seen);
}

#[test]
fn what_is_removed_or_replaced_counts_no_longer() {
    let mut likeness = Likeness::default();
    likeness.put(&one());
    likeness.put(&story("other", |s| s.client = "Northbank".to_owned()));
    assert_eq!(likeness.rank("one", 4, false).unwrap().len(), 1);
    likeness.put(&story("other", |_| ()));
    assert_eq!(likeness.rank("one", 4, false).unwrap(), []);
    likeness.put(&story("other", |s| s.client = "Northbank".to_owned()));
    likeness.remove("other");
    assert_eq!(likeness.rank("one", 4, false).unwrap(), []);
}

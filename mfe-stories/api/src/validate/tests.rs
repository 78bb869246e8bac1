//! One broken property at a time, from a story that is in order.

use super::{MAX_TEXT, is_month, problems};
use crate::{Metric, Story};

const DEMO: &str = include_str!("../../../service/stories.jsonl");

fn all() -> impl Iterator<Item = Story> {
    DEMO.lines().map(|line| serde_json::from_str(line).unwrap())
}

pub(crate) fn demo() -> Story {
    all().next().unwrap()
}

#[track_caller]
fn check(expected: &[&str], change: impl FnOnce(&mut Story)) {
    let mut story = demo();
    let id = story.id.clone();
    change(&mut story);
    let fields: Vec<_> = problems(&id, &story).into_iter().map(|e| e.field).collect();
    assert_eq!(fields, expected);
}

#[test]
fn every_demo_story_is_in_order() {
    for story in all() {
        assert_eq!(problems(&story.id, &story), [], "{}", story.id);
    }
}

#[test]
fn the_id_is_that_of_the_path_and_can_stand_in_one() {
    check(&["id"], |story| story.id.push('x'));
    for id in ["", "Upper", "with space", "with/slash", "ünïcode", "feed", &"x".repeat(81)] {
        let story = Story { id: id.to_owned(), ..demo() };
        assert_eq!(problems(id, &story).len(), 1, "{id}");
    }
    let longest = "x".repeat(80);
    assert_eq!(problems(&longest, &Story { id: longest.clone(), ..demo() }), []);
}

#[test]
fn required_texts_are_not_blank() {
    check(&["title"], |story| story.title.clear());
    check(&["client"], |story| story.client = String::new());
    check(&["summary"], |story| story.summary = " \n".to_owned());
    check(&["situation"], |story| story.situation.clear());
    check(&["action[1]"], |story| story.action[1].clear());
    check(&["metrics[0].label"], |story| story.metrics[0].label.clear());
}

#[test]
fn lengths_and_counts_are_bounded() {
    check(&["title"], |story| story.title = "x".repeat(201));
    check(&["tags"], |story| story.tags = vec!["x".to_owned(); 61]);
    check(&["metrics"], |story| {
        story.metrics = vec![Metric { value: "1".to_owned(), label: "x".to_owned() }; 61];
    });
}

#[test]
fn a_facet_can_be_asked_for() {
    check(&["era"], |story| story.era = "a|b".to_owned());
    check(&["theme"], |story| story.theme = " a".to_owned());
    check(&["title"], |story| story.title = "two\nlines".to_owned());
}

#[test]
fn dates_are_months_in_order() {
    check(&["start"], |story| story.start = "2017-3".to_owned());
    check(&["end"], |story| story.end = Some("2016-12".to_owned()));
    check(&[], |story| story.end = None);
    for (text, expected) in [
        ("2017-03", true),
        ("2017-12", true),
        ("2017-00", false),
        ("2017-13", false),
        ("17-03", false),
        ("2017-03-01", false),
        ("2017/03", false),
        ("+017-03", false),
    ] {
        assert_eq!(is_month(text), expected, "{text}");
    }
}

#[test]
fn texts_have_no_control_characters_but_those_of_lists() {
    check(&[], |story| story.action[0] = "Steps:\n- one\n\t- two".to_owned());
    for bad in ["nul\0", "escape\u{1b}", "\r", "\u{85}"] {
        check(&["action[0]"], |story| story.action[0] = ["a", bad].concat());
    }
    check(&["summary"], |story| story.summary.push('\0'));
    check(&["tags[1]"], |story| story.tags[1].push('\0'));
}

#[test]
fn a_story_that_is_in_order_fits_into_a_line() {
    let mut story = demo();
    story.action = vec!["\"".repeat(3_950); 60];
    story.result = vec!["\\".repeat(3_950); 40];
    assert_eq!(problems(&story.id, &story), []);
    let line = crate::lines::write(&story).unwrap();
    assert!(line.len() > 780_000 && line.len() <= crate::lines::MAX_LINE, "{}", line.len());
    story.process = vec!["x".repeat(3_000); 10];
    let found = problems(&story.id, &story);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].field.as_str(), found[0].detail.contains(&MAX_TEXT.to_string())),
        ("", true)
    );
}

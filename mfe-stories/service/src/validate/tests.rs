//! One broken property at a time, from a story that is in order.

use mfe_stories_api::{Metric, Story};

use super::{is_month, problems};

fn demo() -> Story {
    crate::store::demo_stories().unwrap().swap_remove(0)
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
    for story in crate::store::demo_stories().unwrap() {
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

use mfe_industries_api::{Bar, Engagement};

use super::{TICKS, timeline};
use crate::story::Story;

/// `(id, client, start, end)`; an empty end goes on.
fn stories(rows: &[(&str, &str, &str, &str)]) -> Vec<Story> {
    rows.iter()
        .map(|(id, client, start, end)| Story {
            id: (*id).to_owned(),
            title: id.to_uppercase(),
            client: (*client).to_owned(),
            client_kind: "named".to_owned(),
            role: "Lead".to_owned(),
            start: (*start).to_owned(),
            end: (!end.is_empty()).then(|| (*end).to_owned()),
            industry: "Retail".to_owned(),
            category: "Build".to_owned(),
            capability: "Data".to_owned(),
            metrics: Vec::new(),
        })
        .collect()
}

fn of(rows: &[(&str, &str, &str, &str)]) -> mfe_industries_api::Timeline {
    timeline(&stories(rows).iter().collect::<Vec<_>>())
}

/// `(id, offset, length, row)`.
fn places(engagement: &Engagement) -> Vec<(&str, u32, u32, u32)> {
    let place = |bar: &'_ Bar| (bar.offset, bar.length, bar.row);
    engagement
        .bars
        .iter()
        .map(|bar| {
            let (offset, length, row) = place(bar);
            (bar.id.as_str(), offset, length, row)
        })
        .collect()
}

#[test]
fn bars_stand_where_their_months_are() {
    // Ten whole years: a month is 1000 / 120.
    let timeline = of(&[
        ("a", "Oak", "2010-01", "2010-12"),
        ("b", "Oak", "2015-01", "2016-06"),
        ("c", "Oak", "2019-01", "2019-12"),
    ]);
    let oak = &timeline.engagements[0];
    assert_eq!(places(oak), [("a", 0, 100, 0), ("b", 500, 150, 0), ("c", 900, 100, 0)]);
    assert_eq!((oak.client.as_str(), oak.count, oak.rows), ("Oak", 3, 1));
    assert_eq!((oak.start.as_str(), oak.end.as_deref()), ("2010-01", Some("2019-12")));
    let ticks: Vec<_> = timeline.ticks.iter().map(|t| (t.year.as_str(), t.offset)).collect();
    assert_eq!(ticks, [("2010", 0), ("2012", 200), ("2014", 400), ("2016", 600), ("2018", 800)]);
}

#[test]
fn bars_at_the_same_time_take_rows_of_their_own() {
    let timeline = of(&[
        ("a", "Oak", "2010-01", "2013-12"),
        ("b", "Oak", "2011-01", "2011-02"),
        ("c", "Oak", "2011-03", "2012-01"),
        ("d", "Oak", "2015-01", "2019-12"),
    ]);
    let rows: Vec<_> = places(&timeline.engagements[0]).iter().map(|p| (p.0, p.3)).collect();
    // `c` begins after `b`, but sooner than a finger could tell them apart.
    assert_eq!(rows, [("a", 0), ("b", 1), ("c", 2), ("d", 0)]);
    assert_eq!(timeline.engagements[0].rows, 3);
}

#[test]
fn what_goes_on_reaches_to_the_end() {
    let timeline = of(&[("a", "Oak", "2010-01", ""), ("b", "Elm", "2011-01", "2013-12")]);
    assert_eq!(places(&timeline.engagements[0]), [("a", 0, 1000, 0)]);
    assert_eq!(timeline.engagements[0].end, None);
}

#[test]
fn the_last_bar_has_room_for_a_finger() {
    for last in ["2019-01", "2019-06", "2019-12"] {
        let timeline = of(&[("a", "Oak", "2000-01", "2000-02"), ("b", "Oak", last, last)]);
        let bars = places(&timeline.engagements[0]);
        assert!(bars[1].1 <= 930, "{bars:?}");
    }
    let one = of(&[("a", "Oak", "2019-12", "2019-12")]);
    assert_eq!(places(&one.engagements[0]), [("a", 916, 84, 0)]);
}

#[test]
fn clients_follow_by_their_first_story() {
    let timeline = of(&[
        ("a", "Oak", "2012-01", "2012-02"),
        ("b", "Elm", "2010-01", "2010-02"),
        ("c", "Ash", "2012-01", "2012-02"),
        ("d", "Oak", "2011-01", "2011-02"),
    ]);
    let clients: Vec<_> =
        timeline.engagements.iter().map(|e| (e.client.as_str(), e.count)).collect();
    assert_eq!(clients, [("Elm", 1), ("Oak", 2), ("Ash", 1)]);
}

#[test]
fn there_are_few_labels_however_long_it_took() {
    for (last, first_labels) in [
        ("2000-06", ["2000"].as_slice()),
        ("2005-06", &["2000", "2001"]),
        ("2099-06", &["2000", "2020"]),
    ] {
        let timeline = of(&[("a", "Oak", "2000-01", "2000-02"), ("b", "Oak", last, last)]);
        let labels: Vec<_> = timeline.ticks.iter().map(|tick| tick.year.as_str()).collect();
        assert!(labels.len() <= TICKS as usize && labels.starts_with(first_labels), "{labels:?}");
    }
}

#[test]
fn odd_months_draw_nothing_wrong() {
    let timeline = of(&[
        ("a", "Oak", "spring", "2012-02"),
        ("b", "Oak", "2012-13", ""),
        ("c", "Oak", "2012-06", "2011-01"),
        ("d", "Oak", "2012-06", "later"),
    ]);
    assert_eq!(places(&timeline.engagements[0]), [("c", 416, 84, 0), ("d", 416, 84, 1)]);
    assert!(of(&[("a", "Oak", "", "")]).engagements.is_empty());
    assert!(of(&[]).ticks.is_empty());
}

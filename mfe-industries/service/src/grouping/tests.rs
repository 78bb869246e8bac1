//! Small tables: `(id, industry, client, capability, start, end)`.

use mfe_industries_api::{Categories, Category, NamedCount};

use super::{View, view};
use crate::story::{Metric, Story};

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// A client with a `*` is not named; an empty end goes on.
fn stories(rows: &[Row]) -> Vec<Story> {
    rows.iter()
        .map(|(id, industry, client, capability, start, end)| Story {
            id: (*id).to_owned(),
            title: id.to_uppercase(),
            client: client.trim_end_matches('*').to_owned(),
            client_kind: if client.ends_with('*') { "generic" } else { "named" }.to_owned(),
            role: "Lead".to_owned(),
            start: (*start).to_owned(),
            end: (!end.is_empty()).then(|| (*end).to_owned()),
            industry: (*industry).to_owned(),
            category: "Build".to_owned(),
            capability: (*capability).to_owned(),
            metrics: Vec::new(),
        })
        .collect()
}

const ROWS: [Row; 8] = [
    ("a", "Retail", "Oak", "Data", "2012-03", "2013-01"),
    ("b", "Retail", "Oak", "Data", "2015-01", "2016-12"),
    ("c", "Retail", "Elm", "Data", "2015-01", "2015-02"),
    ("d", "Retail", "Several*", "Web", "2011-12", "2012-01"),
    ("e", "Retail", "Elm", "Web", "2014-06", "2014-07"),
    ("f", "Retail", "Ash", "Apps", "2014-06", "2014-07"),
    ("g", "Health & Care", "Yew", "Web", "2020-01", ""),
    ("h", "Health & Care", "Yew", "Data", "2021-01", "2021-02"),
];

fn whole<'a>(view: &'a View, slug: &str) -> &'a Categories {
    &view.industry(slug).unwrap().whole
}

fn pairs(counts: &[NamedCount]) -> Vec<(&str, u32)> {
    counts.iter().map(|named| (named.name.as_str(), named.count)).collect()
}

fn ids(category: &Category) -> Vec<&str> {
    category.stories.iter().map(|story| story.id.as_str()).collect()
}

#[test]
fn industries_are_counted_most_first_then_by_name() {
    let mut rows = ROWS.to_vec();
    rows.push(("i", "Banking", "Fir", "Data", "2020-01", "2020-02"));
    rows.push(("j", "Banking", "Fir", "Data", "2020-01", "2020-02"));
    let industries = view(&stories(&rows)).industries;
    let found: Vec<_> =
        industries.industries.iter().map(|i| (i.slug.as_str(), i.name.as_str(), i.count)).collect();
    let expected = [
        ("retail", "Retail", 6),
        ("banking", "Banking", 2),
        ("health-and-care", "Health & Care", 2),
    ];
    assert_eq!(found, expected);
    assert_eq!(industries.total, 10);
}

#[test]
fn clients_are_the_named_ones_and_years_span_the_work() {
    let view = view(&stories(&ROWS));
    let retail = &whole(&view, "retail").industry;
    assert_eq!(pairs(&retail.clients), [("Elm", 2), ("Oak", 2), ("Ash", 1)]);
    assert_eq!(pairs(&retail.capabilities), [("Data", 3), ("Web", 2), ("Apps", 1)]);
    assert_eq!((&*retail.from, retail.to.as_deref()), ("2011", Some("2016")));
    let health = &whole(&view, "health-and-care").industry;
    assert_eq!((&*health.from, health.to.as_deref()), ("2020", None));
}

#[test]
fn three_stories_make_a_capability_core() {
    let view = view(&stories(&ROWS));
    let retail = whole(&view, "retail");
    let names = |groups: &[Category]| -> Vec<(String, u32)> {
        groups.iter().map(|group| (group.name.clone(), group.count)).collect()
    };
    assert_eq!(names(&retail.core), [("Data".to_owned(), 3)]);
    assert_eq!(names(&retail.specialised), [("Web".to_owned(), 2), ("Apps".to_owned(), 1)]);
    assert_eq!(ids(&retail.core[0]), ["b", "c", "a"]);
    assert_eq!(names(&whole(&view, "health-and-care").core), []);
}

#[test]
fn a_glance_has_five_capabilities_and_the_groups_have_all() {
    let rows = ["A", "B", "C", "D", "E", "F"].map(|c| (c, "Retail", "Oak", c, "2012-01", ""));
    let view = view(&stories(&rows));
    let retail = whole(&view, "retail");
    let five = [("A", 1), ("B", 1), ("C", 1), ("D", 1), ("E", 1)];
    assert_eq!(pairs(&retail.industry.capabilities), five);
    assert_eq!(retail.specialised.len(), 6);
}

#[test]
fn stories_about_the_person_count_nowhere() {
    let mut stories = stories(&ROWS);
    stories[7].category = "Narrative".to_owned();
    let view = view(&stories);
    assert_eq!(view.industries.total, 7);
    assert_eq!(whole(&view, "health-and-care").industry.count, 1);
}

#[test]
fn an_industry_with_nothing_but_stories_about_the_person_is_not_there() {
    let mut stories = stories(&ROWS[6..]);
    for story in &mut stories {
        story.category = "Narrative".to_owned();
    }
    assert!(view(&stories).by_slug.is_empty());
}

#[test]
fn the_first_metric_is_the_headline() {
    let mut stories = stories(&ROWS[..1]);
    assert_eq!(whole(&view(&stories), "retail").specialised[0].stories[0].headline, None);
    let metric = |value: &str| Metric { value: value.to_owned(), label: "saved".to_owned() };
    stories[0].metrics = vec![metric("$3"), metric("$4")];
    let headline = whole(&view(&stories), "retail").specialised[0].stories[0].headline.clone();
    assert_eq!(headline.as_deref(), Some("$3 saved"));
}

#[test]
fn the_order_of_arrival_makes_no_difference() {
    let mut stories = stories(&ROWS);
    let forwards = view(&stories);
    stories.reverse();
    assert_eq!(view(&stories), forwards);
}

#[test]
fn two_names_never_share_a_slug() {
    let names = ["R & D", "R D", "R / D", "R, D", "R AND D"];
    let rows = names.map(|name| (name, name, "Oak", name, "2012-01", ""));
    let view = view(&stories(&rows));
    let slugs = view.by_slug.iter().map(|(slug, f)| (&**slug, &*f.whole.industry.name));
    let expected = [
        ("r-and-d", "R & D"),
        ("r-and-d-2", "R AND D"),
        ("r-d", "R D"),
        ("r-d-2", "R, D"),
        ("r_d", "R / D"),
    ];
    assert_eq!(slugs.collect::<Vec<_>>(), expected);
}

#[test]
fn a_name_that_arrives_does_not_move_another_ones_page() {
    let row = |name: &'static str| (name, name, "Oak", name, "2012-01", "");
    let mut rows = vec![row("AI & Data")];
    for later in ["AI Data", "AI / Data", "A"] {
        rows.push(row(later));
        let view = view(&stories(&rows));
        assert_eq!(whole(&view, "ai-and-data").industry.name, "AI & Data", "with {later}");
        let narrowed = &view.industry("ai-and-data").unwrap().narrowed;
        assert_eq!(narrowed.keys().collect::<Vec<_>>(), ["ai-and-data"]);
    }
}

#[test]
fn old_links_work_while_they_name_one_industry() {
    let mut rows = vec![("a", "Health & Care", "Oak", "Data", "2012-01", "")];
    let one = view(&stories(&rows));
    assert_eq!(whole(&one, "health-care").industry.slug, "health-and-care");
    rows.push(("b", "Health / Care", "Oak", "Data", "2012-01", ""));
    assert_eq!(view(&stories(&rows)).industry("health-care"), None);
    rows.push(("c", "Health Care", "Oak", "Data", "2012-01", ""));
    assert_eq!(whole(&view(&stories(&rows)), "health-care").industry.name, "Health Care");
}

#[test]
fn a_capability_narrows_everything_to_its_own_stories() {
    let view = view(&stories(&ROWS));
    let web = &view.industry("retail").unwrap().narrowed["web"];
    assert_eq!((web.industry.name.as_str(), web.industry.count), ("Retail", 2));
    assert_eq!(pairs(&web.industry.clients), [("Elm", 1)]);
    assert_eq!(pairs(&web.industry.capabilities), [("Web", 2)]);
    assert_eq!(web.industry.capability_count, 1);
    assert_eq!((&*web.industry.from, web.industry.to.as_deref()), ("2011", Some("2014")));
    assert_eq!((web.core.len(), web.specialised.len()), (0, 1));
    assert_eq!(ids(&web.specialised[0]), ["e", "d"]);
    let clients: Vec<_> =
        web.timeline.engagements.iter().map(|e| (e.client.as_str(), e.count)).collect();
    assert_eq!(clients, [("Several", 1), ("Elm", 1)]);
}

#[test]
fn a_group_lists_a_hundred_stories_and_counts_all() {
    let rows = [("a", "Retail", "Oak", "Data", "2012-03", "2013-01")];
    let mut many = Vec::new();
    for n in 0..101 {
        let mut story = stories(&rows).remove(0);
        story.id = format!("a{n:03}");
        many.push(story);
    }
    let view = view(&many);
    let data = &whole(&view, "retail").core[0];
    assert_eq!((data.count, data.stories.len()), (101, 100));
}

#[test]
fn no_stories_make_no_industries() {
    let view = view(&[]);
    assert!(view.industries.industries.is_empty());
    assert_eq!(view.industries.total, 0);
}

//! Data for tests of markup, and the markup as text.

use mfe_industries_api::{
    Bar, Categories, Category, Engagement, Industry, NamedCount, StoryLink, Tick, Timeline,
};
pub(crate) use shared_ui::testing::render;

pub(crate) fn named(name: &str, count: u32) -> NamedCount {
    NamedCount { name: name.to_owned(), count }
}

pub(crate) fn industry() -> Industry {
    Industry {
        slug: "transportation-and-logistics".to_owned(),
        name: "Transportation & Logistics".to_owned(),
        count: 11,
        clients: vec![named("Great Lakes Freight", 6), named("Tidewater Ports", 5)],
        capabilities: vec![named("Cloud Platform", 3), named("Program Rescue", 1)],
        capability_count: 2,
        from: "2011".to_owned(),
        to: Some("2021".to_owned()),
    }
}

fn story() -> StoryLink {
    StoryLink {
        id: "berths-by-noon".to_owned(),
        title: "Berths by Noon".to_owned(),
        client: "Tidewater Ports".to_owned(),
        role: "Delivery Director".to_owned(),
        start: "2017-03".to_owned(),
        end: Some("2018-10".to_owned()),
        headline: Some("19 months from kickoff to switch-off".to_owned()),
    }
}

pub(crate) fn category(name: &str) -> Category {
    let slug = "cloud-platform".to_owned();
    Category { slug, name: name.to_owned(), count: 1, stories: vec![story()] }
}

fn bar(id: &str, title: &str, offset: u32, row: u32) -> Bar {
    Bar {
        id: id.to_owned(),
        title: title.to_owned(),
        start: "2017-03".to_owned(),
        end: Some("2018-10".to_owned()),
        offset,
        length: 150,
        row,
    }
}

pub(crate) fn categories() -> Categories {
    let bars =
        vec![bar("gate-four", "Gate Four", 0, 0), bar("berths-by-noon", "Berths by Noon", 625, 1)];
    Categories {
        industry: industry(),
        core: vec![category("Cloud Platform")],
        specialised: vec![category("Program Rescue")],
        timeline: Timeline {
            ticks: vec![Tick { year: "2014".to_owned(), offset: 300 }],
            engagements: vec![Engagement {
                client: "Tidewater Ports".to_owned(),
                count: 2,
                start: "2012-03".to_owned(),
                end: Some("2018-10".to_owned()),
                rows: 2,
                bars,
            }],
        },
    }
}

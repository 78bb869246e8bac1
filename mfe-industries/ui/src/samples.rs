//! Data for component tests.

use mfe_industries_api::{Category, Industry, NamedCount, StoryLink};

pub(crate) fn named(name: &str, count: u32) -> NamedCount {
    NamedCount { name: name.to_owned(), count }
}

pub(crate) fn industry() -> Industry {
    Industry {
        slug: "transportation-logistics".to_owned(),
        name: "Transportation & Logistics".to_owned(),
        count: 11,
        clients: vec![named("Great Lakes Freight", 6), named("Tidewater Ports", 5)],
        capabilities: vec![named("Cloud Platform", 3), named("Program Rescue", 1)],
        from: "2011".to_owned(),
        to: Some("2021".to_owned()),
    }
}

pub(crate) fn story() -> StoryLink {
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
    Category { name: name.to_owned(), count: 1, stories: vec![story()] }
}

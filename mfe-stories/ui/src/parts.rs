//! What the page is made of: plain functions from data to markup, one part a file; `stories.css` has the rules
//! in this order.

mod facts;
mod five;
mod header;
mod links;
mod metrics;
mod not_found;
mod questions;
mod related;
mod section_nav;
mod sections;
mod skeleton;
mod walking;

pub(crate) use facts::facts;
pub(crate) use five::five;
pub(crate) use header::header;
use links::link;
use metrics::metrics;
pub(crate) use not_found::{NOT_FOUND, not_found};
pub(crate) use questions::questions;
pub(crate) use related::related;
pub(crate) use section_nav::section_nav;
pub(crate) use sections::{Section, SectionNodes, sections, why};
pub(crate) use skeleton::skeleton;
pub(crate) use walking::{walk_bar, walk_on};

#[cfg(test)]
mod tests {
    //! What the tests of the parts show, and how.

    use std::rc::Rc;

    use mfe_stories_api::{ClientKind, Metric, Story};
    use shared_ui::kit::Host;
    pub(super) use shared_ui::testing::render;

    pub(super) fn host() -> Host {
        Host::fixed("/story/exit-the-mainframe")
    }

    pub(super) fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    pub(super) fn story() -> Rc<Story> {
        Rc::new(Story {
            id: "exit-the-mainframe".to_owned(),
            title: "Exiting the Mainframe".to_owned(),
            employer: "Brightwater".to_owned(),
            division: None,
            client: "Northbank".to_owned(),
            client_kind: ClientKind::Named,
            role: "Delivery Director".to_owned(),
            project: "Ledger Exit".to_owned(),
            start: "2017-03".to_owned(),
            end: Some("2018-10".to_owned()),
            industry: "Financial Services".to_owned(),
            category: "Modernise".to_owned(),
            capability: "Application Modernisation".to_owned(),
            sub_category: "Mainframe Exit".to_owned(),
            theme: "Execution".to_owned(),
            era: "Scaling".to_owned(),
            scope: "Programme".to_owned(),
            situation: texts(&["A leased mainframe.", "Two failed exits."]),
            task: texts(&["Move the accounts."]),
            action: texts(&[
                "Cut the ledger:\n- by product\n  - savings first\n- not by layer",
                "Rebuilt the rules.",
            ]),
            result: texts(&["Switched off."]),
            person: "Retail customers".to_owned(),
            place: "Kelmouth".to_owned(),
            purpose: "Ideas were queued.".to_owned(),
            process: texts(&["Slice by product"]),
            performance: texts(&["19 months"]),
            summary: "I led the exit.".to_owned(),
            metrics: vec![Metric {
                value: "$3.6M".to_owned(),
                label: "a year, from $9.8M".to_owned(),
            }],
            competencies: texts(&["Cutover planning"]),
            use_cases: texts(&["Leaving a mainframe"]),
            interview_questions: texts(&["When is it safe & done?"]),
            tags: texts(&["core banking", "CDC"]),
        })
    }
}

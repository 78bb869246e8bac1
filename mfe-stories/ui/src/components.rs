//! What the page is made of, one component a file; `stories.css` has the rules in this order.

mod back_link;
mod facts;
mod metrics;
mod not_found;
mod questions;
mod related_stories;
mod section_nav;
mod sections;
mod story_header;
mod story_skeleton;
mod story_view;

pub(crate) use back_link::BackLink;
use facts::Facts;
use metrics::Metrics;
pub(crate) use not_found::NotFound;
use questions::Questions;
pub(crate) use related_stories::RelatedStories;
use section_nav::SectionNav;
use sections::Sections;
use story_header::StoryHeader;
pub(crate) use story_skeleton::StorySkeleton;
pub(crate) use story_view::StoryView;

#[cfg(test)]
mod tests {
    //! What the component tests show.

    use std::rc::Rc;

    use mfe_stories_api::{ClientKind, Metric, Story};

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    pub(super) fn story() -> Story {
        Story {
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
            action: texts(&["Cut the ledger.", "Rebuilt the rules."]),
            result: texts(&["Switched off."]),
            person: "Retail customers".to_owned(),
            place: "Kelmouth".to_owned(),
            purpose: "Ideas were queued.".to_owned(),
            process: texts(&["Slice by product"]),
            performance: texts(&["19 months"]),
            summary: "I led the exit.".to_owned(),
            metrics: vec![Metric { value: "$3.6M".to_owned(), label: "a year".to_owned() }],
            competencies: texts(&["Cutover planning"]),
            use_cases: texts(&["Leaving a mainframe"]),
            interview_questions: texts(&["When is it safe & done?"]),
            tags: texts(&["core banking", "CDC"]),
        }
    }

    pub(super) fn shared() -> Rc<Story> {
        Rc::new(story())
    }
}

//! Reading what comes from elsewhere: the service's answers, the list that somebody published.
//!
//! How is in [`shared_ui::fields`].

use contract::topics::{Trail, TrailItem};
use mfe_stories_api::{ClientKind, Metric, Related, RelatedStory, Story, StorySummary};
use shared_ui::fields::{Fields, read};
use wasm_bindgen::JsValue;

/// Reads a story.
pub(crate) fn story(value: &JsValue) -> Option<Story> {
    read(value, |it| Story {
        id: it.text("id"),
        title: it.text("title"),
        employer: it.text("employer"),
        division: None,
        client: it.text("client"),
        client_kind: ClientKind::Named,
        role: it.text("role"),
        project: it.text("project"),
        start: it.text("start"),
        end: it.field("end").as_string(),
        industry: it.text("industry"),
        category: String::new(),
        capability: it.text("capability"),
        sub_category: String::new(),
        theme: String::new(),
        era: String::new(),
        scope: it.text("scope"),
        situation: it.texts("situation"),
        task: it.texts("task"),
        action: it.texts("action"),
        result: it.texts("result"),
        person: it.text("person"),
        place: it.text("place"),
        purpose: it.text("purpose"),
        process: it.texts("process"),
        performance: it.texts("performance"),
        summary: it.text("summary"),
        metrics: it
            .list("metrics", |it| Metric { value: it.text("value"), label: it.text("label") }),
        competencies: it.texts("competencies"),
        use_cases: it.texts("use_cases"),
        interview_questions: it.texts("interview_questions"),
        tags: it.texts("tags"),
    })
}

/// Reads the stories like one: as much of them as is shown.
pub(crate) fn related(value: &JsValue) -> Option<Related> {
    read(value, |it| Related { results: it.list("results", related_story) })
}

fn related_story(it: &Fields<'_>) -> RelatedStory {
    let story = it.object("story");
    let story = StorySummary {
        id: story.text("id"),
        title: story.text("title"),
        client: story.text("client"),
        role: story.text("role"),
        industry: String::new(),
        capability: String::new(),
        sub_category: String::new(),
        era: String::new(),
        theme: String::new(),
        start: String::new(),
        end: None,
        summary: String::new(),
    };
    RelatedStory { story, reason: it.text("reason") }
}

/// Reads a list that was published or kept.
pub(crate) fn trail(value: &JsValue) -> Option<Trail> {
    read(value, |it| Trail {
        path: it.text("path"),
        label: it.text("label"),
        items: it.list("items", |it| TrailItem { path: it.text("path"), title: it.text("title") }),
        before: it.number("before"),
        total: it.number("total"),
    })
}

//! Reading what comes from elsewhere: the service's answers, the list that somebody published.
//!
//! By hand and not by serde: the readers that serde generates for these types are 5 KB (brotli), these 1 KB.
//! A field that is missing or has another type makes the whole unreadable, as with serde; a field that a
//! type has and this leaves out does not compile.

use contract::topics::{Trail, TrailItem};
use js_sys::{Array, Reflect};
use mfe_stories_api::{ClientKind, Metric, Related, RelatedStory, Story, StorySummary};
use wasm_bindgen::{JsCast, JsValue};

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

#[inline(never)]
fn text(object: &JsValue, name: &str) -> Option<String> {
    field(object, name).as_string()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and lists count from 0"
)]
fn number(object: &JsValue, name: &str) -> Option<u32> {
    field(object, name).as_f64().map(|number| number as u32)
}

fn list<T>(object: &JsValue, name: &str, read: fn(&JsValue) -> Option<T>) -> Option<Vec<T>> {
    let array: Array = field(object, name).dyn_into().ok()?;
    array.iter().map(|item| read(&item)).collect()
}

#[inline(never)]
fn texts(object: &JsValue, name: &str) -> Option<Vec<String>> {
    list(object, name, JsValue::as_string)
}

/// Reads a story.
pub(crate) fn story(it: &JsValue) -> Option<Story> {
    Some(Story {
        id: text(it, "id")?,
        title: text(it, "title")?,
        employer: text(it, "employer")?,
        division: None,
        client: text(it, "client")?,
        client_kind: ClientKind::Named,
        role: text(it, "role")?,
        project: text(it, "project")?,
        start: text(it, "start")?,
        end: text(it, "end"),
        industry: text(it, "industry")?,
        category: String::new(),
        capability: text(it, "capability")?,
        sub_category: String::new(),
        theme: String::new(),
        era: String::new(),
        scope: text(it, "scope")?,
        situation: texts(it, "situation")?,
        task: texts(it, "task")?,
        action: texts(it, "action")?,
        result: texts(it, "result")?,
        person: text(it, "person")?,
        place: text(it, "place")?,
        purpose: text(it, "purpose")?,
        process: texts(it, "process")?,
        performance: texts(it, "performance")?,
        summary: text(it, "summary")?,
        metrics: list(it, "metrics", |it| {
            Some(Metric { value: text(it, "value")?, label: text(it, "label")? })
        })?,
        competencies: texts(it, "competencies")?,
        use_cases: texts(it, "use_cases")?,
        interview_questions: texts(it, "interview_questions")?,
        tags: texts(it, "tags")?,
    })
}

/// Reads the stories like one: as much of them as is shown.
pub(crate) fn related(it: &JsValue) -> Option<Related> {
    let results = list(it, "results", |it| {
        let story = &field(it, "story");
        let story = StorySummary {
            id: text(story, "id")?,
            title: text(story, "title")?,
            client: text(story, "client")?,
            role: text(story, "role")?,
            industry: String::new(),
            capability: String::new(),
            sub_category: String::new(),
            era: String::new(),
            theme: String::new(),
            start: String::new(),
            end: None,
            summary: String::new(),
        };
        Some(RelatedStory { story, reason: text(it, "reason")? })
    })?;
    Some(Related { results })
}

/// Reads a list that was published or kept.
pub(crate) fn trail(it: &JsValue) -> Option<Trail> {
    Some(Trail {
        path: text(it, "path")?,
        label: text(it, "label")?,
        items: list(it, "items", |it| {
            Some(TrailItem { path: text(it, "path")?, title: text(it, "title")? })
        })?,
        before: number(it, "before")?,
        total: number(it, "total")?,
    })
}

//! Reading what comes from elsewhere: the service's answers, the list that somebody published.
//!
//! By hand and not by serde: the readers that serde generates for these types are 5 KB (brotli), these 1 KB.
//! A field that is missing or has another type makes the whole unreadable, as with serde; a field that a
//! type has and this leaves out does not compile.

use std::cell::Cell;

use contract::topics::{Trail, TrailItem};
use js_sys::{Array, Reflect};
use mfe_stories_api::{ClientKind, Metric, Related, RelatedStory, Story, StorySummary};
use wasm_bindgen::{JsCast, JsValue};

/// An object that is read. What is missing is empty, and makes the whole unreadable: to stop at the first would
/// write out for each field how to drop those before it, which is 1 KB (brotli).
struct Fields<'a> {
    object: JsValue,
    sound: &'a Cell<bool>,
}

/// Reads an object and what is in it.
fn read<T>(object: &JsValue, reader: impl FnOnce(&Fields<'_>) -> T) -> Option<T> {
    let sound = &Cell::new(true);
    let value = reader(&Fields { object: object.clone(), sound });
    sound.get().then_some(value)
}

impl Fields<'_> {
    #[inline(never)]
    fn field(&self, name: &str) -> JsValue {
        Reflect::get(&self.object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
    }

    fn known<T: Default>(&self, value: Option<T>) -> T {
        if value.is_none() {
            self.sound.set(false);
        }
        value.unwrap_or_default()
    }

    #[inline(never)]
    fn text(&self, name: &str) -> String {
        self.known(self.field(name).as_string())
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and lists count from 0"
    )]
    fn number(&self, name: &str) -> u32 {
        self.known(self.field(name).as_f64()) as u32
    }

    fn list<T>(&self, name: &str, item: impl Fn(&Fields<'_>) -> T) -> Vec<T> {
        let array: Array = self.known(self.field(name).dyn_into().ok());
        let fields = |object| Fields { object, sound: self.sound };
        array.iter().map(|object| item(&fields(object))).collect()
    }

    #[inline(never)]
    fn texts(&self, name: &str) -> Vec<String> {
        self.list(name, |it| it.known(it.object.as_string()))
    }
}

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
    let story = Fields { object: it.field("story"), sound: it.sound };
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

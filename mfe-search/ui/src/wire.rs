//! Reading the service's answers.
//!
//! By hand and not by serde: the readers that serde generates for these types are 5 KB (brotli), these 1 KB.
//! A field that is missing or has another type makes the whole answer unreadable, as with serde; what
//! the wire types have and this leaves out does not compile.

use js_sys::{Array, Reflect};
use mfe_search_api::{
    Confidence, FacetCount, Facets, Filters, Highlight, Hit, SearchResponse, Suggestion,
    SuggestionKind,
};
use wasm_bindgen::{JsCast, JsValue};

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    field(object, name).as_string()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and the services count from 0"
)]
fn number(object: &JsValue, name: &str) -> Option<u32> {
    field(object, name).as_f64().map(|number| number as u32)
}

fn list<T>(value: &JsValue, read: fn(&JsValue) -> Option<T>) -> Option<Vec<T>> {
    let array: &Array = value.dyn_ref()?;
    array.iter().map(|item| read(&item)).collect()
}

fn values(object: &JsValue, name: &str) -> Option<Vec<String>> {
    list(&field(object, name), JsValue::as_string)
}

fn counts(object: &JsValue, name: &str) -> Option<Vec<FacetCount>> {
    list(&field(object, name), |item| {
        Some(FacetCount { value: text(item, "value")?, count: number(item, "count")? })
    })
}

fn highlight(item: &JsValue) -> Option<Highlight> {
    Some(Highlight { field: text(item, "field")?, html: text(item, "html")? })
}

fn hit(item: &JsValue) -> Option<Hit> {
    Some(Hit {
        id: text(item, "id")?,
        title: text(item, "title")?,
        client: text(item, "client")?,
        role: text(item, "role")?,
        industry: text(item, "industry")?,
        capability: text(item, "capability")?,
        sub_category: text(item, "sub_category")?,
        era: text(item, "era")?,
        theme: text(item, "theme")?,
        start: text(item, "start")?,
        end: text(item, "end"),
        summary: text(item, "summary")?,
        score: 0.0,
        highlights: list(&field(item, "highlights"), highlight)?,
    })
}

/// Reads results. What nothing here shows, such as scores and times, is not read.
pub(crate) fn response(answer: &JsValue) -> Option<SearchResponse> {
    let facets = &field(answer, "facets");
    let understood = &field(answer, "understood");
    let confidence = match text(answer, "confidence")?.as_str() {
        "high" => Confidence::High,
        "low" => Confidence::Low,
        _ => Confidence::None,
    };
    Some(SearchResponse {
        results: list(&field(answer, "results"), hit)?,
        count: 0,
        total: number(answer, "total")?,
        outside: number(answer, "outside")?,
        query: String::new(),
        understood: Filters {
            industry: values(understood, "industry")?,
            capability: values(understood, "capability")?,
            client: values(understood, "client")?,
            role: values(understood, "role")?,
            sub_category: values(understood, "sub_category")?,
            era: values(understood, "era")?,
            theme: values(understood, "theme")?,
        },
        confidence,
        facets: Facets {
            industry: counts(facets, "industry")?,
            capability: counts(facets, "capability")?,
            client: counts(facets, "client")?,
            role: counts(facets, "role")?,
            sub_category: counts(facets, "sub_category")?,
            era: counts(facets, "era")?,
            theme: counts(facets, "theme")?,
        },
        cached: false,
        took_ms: 0.0,
    })
}

/// Reads suggestions.
pub(crate) fn suggestions(answer: &JsValue) -> Option<Vec<Suggestion>> {
    list(&field(answer, "suggestions"), |item| {
        let kind = match text(item, "kind")?.as_str() {
            "title" => SuggestionKind::Title,
            "client" => SuggestionKind::Client,
            _ => SuggestionKind::Capability,
        };
        Some(Suggestion { kind, text: text(item, "text")?, id: text(item, "id") })
    })
}

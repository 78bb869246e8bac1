//! Reading the service's answers. How is in [`shared_ui::fields`].

use mfe_search_api::{
    Confidence, FacetCount, Facets, Filters, Highlight, Hit, SearchResponse, Suggestion,
    SuggestionKind,
};
use shared_ui::fields::{Fields, read};
use wasm_bindgen::JsValue;

fn counts(it: &Fields<'_>, name: &str) -> Vec<FacetCount> {
    it.list(name, |it| FacetCount { value: it.text("value"), count: it.number("count") })
}

fn highlight(it: &Fields<'_>) -> Highlight {
    Highlight { field: it.text("field"), html: it.text("html") }
}

fn hit(it: &Fields<'_>) -> Hit {
    Hit {
        id: it.text("id"),
        title: it.text("title"),
        client: it.text("client"),
        role: it.text("role"),
        industry: it.text("industry"),
        capability: it.text("capability"),
        sub_category: it.text("sub_category"),
        era: it.text("era"),
        theme: it.text("theme"),
        start: it.text("start"),
        end: it.field("end").as_string(),
        summary: it.text("summary"),
        score: 0.0,
        highlights: it.list("highlights", highlight),
    }
}

/// Reads results. What nothing here shows, such as scores and times, is not read.
pub(crate) fn response(answer: &JsValue) -> Option<SearchResponse> {
    read(answer, |it| {
        let (facets, understood) = (&it.object("facets"), it.object("understood"));
        SearchResponse {
            results: it.list("results", hit),
            count: 0,
            total: it.number("total"),
            outside: it.number("outside"),
            query: String::new(),
            understood: Filters {
                industry: understood.texts("industry"),
                capability: understood.texts("capability"),
                client: understood.texts("client"),
                role: understood.texts("role"),
                sub_category: understood.texts("sub_category"),
                era: understood.texts("era"),
                theme: understood.texts("theme"),
            },
            confidence: match it.text("confidence").as_str() {
                "high" => Confidence::High,
                "low" => Confidence::Low,
                _ => Confidence::None,
            },
            facets: Facets {
                industry: counts(facets, "industry"),
                capability: counts(facets, "capability"),
                client: counts(facets, "client"),
                role: counts(facets, "role"),
                sub_category: counts(facets, "sub_category"),
                era: counts(facets, "era"),
                theme: counts(facets, "theme"),
            },
            cached: false,
            took_ms: 0.0,
        }
    })
}

/// Reads suggestions.
pub(crate) fn suggestions(answer: &JsValue) -> Option<Vec<Suggestion>> {
    let suggestion = |it: &Fields<'_>| Suggestion {
        kind: match it.text("kind").as_str() {
            "title" => SuggestionKind::Title,
            "client" => SuggestionKind::Client,
            _ => SuggestionKind::Capability,
        },
        text: it.text("text"),
        id: it.field("id").as_string(),
    };
    read(answer, |it| it.list("suggestions", suggestion))
}

//! Wire types and paths of the search domain, for its service and its remote.

use serde::{Deserialize, Serialize};

/// `POST` [`SearchRequest`] → [`SearchResponse`]: by words.
pub const KEYWORD: &str = "/api/search/keyword";
/// `POST` [`SearchRequest`] → [`SearchResponse`]: by meaning.
pub const SEMANTIC: &str = "/api/search/semantic";
/// `POST` [`SearchRequest`] → [`SearchResponse`]: by both.
pub const HYBRID: &str = "/api/search/hybrid";
/// `GET ?q=` → [`Suggestions`].
pub const SUGGEST: &str = "/api/search/suggest";
/// `GET` → [`Insights`], for analysts.
pub const INSIGHTS: &str = "/api/search/insights";

/// What to find.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    /// At most 500 characters. Empty lists all, newest first, stories about the person left out.
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub query: String,
    /// Results a page, 1–100.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100))]
    #[serde(default = "default_top_k")]
    pub top_k: u32,
    /// From 1.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    #[serde(default = "default_page")]
    pub page: u32,
    /// Narrows; AND across facets, OR within one.
    #[serde(default)]
    pub filters: Filters,
    /// By relevance when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// Takes the query as words only: no filter is read out of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub literal: bool,
}

fn default_top_k() -> u32 {
    20
}

fn default_page() -> u32 {
    1
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            query: String::new(),
            top_k: default_top_k(),
            page: default_page(),
            filters: Filters::default(),
            sort: None,
            literal: false,
        }
    }
}

/// Values by facet; an empty list does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Filters {
    /// OR.
    pub industry: Vec<String>,
    /// OR.
    pub capability: Vec<String>,
    /// OR.
    pub client: Vec<String>,
    /// OR.
    pub role: Vec<String>,
    /// OR.
    pub sub_category: Vec<String>,
    /// OR.
    pub era: Vec<String>,
    /// OR.
    pub theme: Vec<String>,
}

/// Order of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best first.
    Relevance,
    /// By start, latest first.
    Newest,
    /// By start, earliest first.
    Oldest,
    /// By title.
    Title,
    /// By client, then title.
    Client,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchResponse {
    /// This page.
    pub results: Vec<Hit>,
    /// Length of `results`.
    pub count: u32,
    /// Matches on all pages.
    pub total: u32,
    /// Matches without the request's filters, so that "none here" is never taken for "none".
    pub outside: u32,
    /// As asked.
    pub query: String,
    /// The filters that were read out of the query ("telecom work during Cloud Turn") and applied. Never
    /// of a facet that the request narrows itself.
    pub understood: Filters,
    /// How much to trust the best result.
    pub confidence: Confidence,
    /// Counts, each facet without its own filter.
    pub facets: Facets,
    /// Answered from a cache.
    pub cached: bool,
    /// Milliseconds in the service.
    pub took_ms: f64,
}

/// How much to trust the best result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A real match.
    High,
    /// Perhaps.
    Low,
    /// Nothing worth showing.
    None,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hit {
    /// Of the story.
    pub id: String,
    /// Headline.
    pub title: String,
    /// For whom.
    pub client: String,
    /// The author's role.
    pub role: String,
    /// Facet.
    pub industry: String,
    /// Facet.
    pub capability: String,
    /// Facet.
    pub sub_category: String,
    /// Facet.
    pub era: String,
    /// Facet.
    pub theme: String,
    /// `YYYY-MM`.
    pub start: String,
    /// `YYYY-MM`, absent while it goes on.
    pub end: Option<String>,
    /// Three sentences.
    pub summary: String,
    /// Comparable within one response only; 0 for a list.
    pub score: f64,
    /// Where it matched.
    pub highlights: Vec<Highlight>,
}

/// A snippet with the matching words marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Highlight {
    /// `title`, `summary`, `situation`…
    pub field: String,
    /// Escaped HTML; the only element is `<mark>`.
    pub html: String,
}

/// Counts by facet, most first, then by value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facets {
    /// Counts.
    pub industry: Vec<FacetCount>,
    /// Counts.
    pub capability: Vec<FacetCount>,
    /// Counts.
    pub client: Vec<FacetCount>,
    /// Counts.
    pub role: Vec<FacetCount>,
    /// Counts.
    pub sub_category: Vec<FacetCount>,
    /// Counts.
    pub era: Vec<FacetCount>,
    /// Counts.
    pub theme: Vec<FacetCount>,
}

/// A facet's value and how many matches have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// Matches.
    pub count: u32,
}

/// What the typed beginning may become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestions {
    /// Best first, at most 8.
    pub suggestions: Vec<Suggestion>,
}

/// One suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// What is suggested.
    pub kind: SuggestionKind,
    /// The text to show and to search.
    pub text: String,
    /// The story's id, for a title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// What a suggestion names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SuggestionKind {
    /// A story's title.
    Title,
    /// A client.
    Client,
    /// A capability.
    Capability,
}

/// What people searched for in a span of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Insights {
    /// Start of the span, RFC 3339.
    pub since: String,
    /// Searches with a query.
    pub searches: u32,
    /// Share of them that found nothing, 0–1.
    pub without_result_rate: f64,
    /// Most frequent first.
    pub top: Vec<QueryCount>,
    /// Queries that found nothing, most frequent first.
    pub without_result: Vec<QueryCount>,
    /// By mode.
    pub latency: Vec<Latency>,
}

/// A query and how often it was asked; case and spaces do not tell queries apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueryCount {
    /// Folded.
    pub query: String,
    /// Times.
    pub count: u32,
}

/// How long searches of a mode took inside the service, answers from the cache included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Latency {
    /// Which.
    pub mode: Mode,
    /// How many.
    pub searches: u32,
    /// Milliseconds, median.
    pub p50_ms: f64,
    /// Milliseconds.
    pub p95_ms: f64,
    /// Milliseconds.
    pub p99_ms: f64,
}

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// By words.
    Keyword,
    /// By meaning.
    Semantic,
    /// By both.
    Hybrid,
}

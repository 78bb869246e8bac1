//! Wire types and paths of the stories domain, for its service and its remote.
//!
//! With the feature `lines` also what stories look like in a file, and whether one is in order: the service
//! and `asterism stories` judge alike because they judge with the same code.
//!
//! Not here: what other domains need of a story. Each of them reads the feed with its own view of it.

mod import;
#[cfg(feature = "lines")]
pub mod lines;
#[cfg(feature = "lines")]
mod validate;

pub use import::{IMPORT, ImportProblem, ImportQuery, ImportReport, JSON_LINES, LineError};
#[cfg(feature = "lines")]
pub use validate::{RESERVED_IDS, problems};

use serde::{Deserialize, Serialize};

/// `GET` lists ([`ListQuery`] → [`StoryPage`]).
pub const STORIES: &str = "/api/stories";
/// `GET` counts by facet ([`Facets`]).
pub const FACETS: &str = "/api/stories/facets";
/// `GET` follows changes (`after`, `limit`, `wait` seconds → `contract::FeedPage<Story>`).
pub const FEED: &str = "/api/stories/feed";

/// Returns the path of one story: `GET` → [`Story`].
#[must_use]
pub fn story_path(id: &str) -> String {
    [STORIES, "/", id].concat()
}

/// Returns the path of the stories like one: `GET ?limit=` → [`Related`].
#[must_use]
pub fn related_path(id: &str) -> String {
    [STORIES, "/", id, "/related"].concat()
}

/// The [`Story::category`] of stories about the person, which lists leave out unless they are asked for.
pub const NARRATIVE: &str = "Narrative";

/// One piece of work, told as situation, task, action and result.
///
/// A paragraph, step or outcome may have a list of its own: the lines of it that begin with `- ` (two spaces
/// before it for each level down).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// Lower-case letters, digits and dashes, at most 80 characters.
    pub id: String,
    /// A headline.
    pub title: String,
    /// Who paid the author then.
    pub employer: String,
    /// Part of the employer.
    #[serde(default)]
    pub division: Option<String>,
    /// For whom the work was done.
    pub client: String,
    /// Whether `client` is a name.
    pub client_kind: ClientKind,
    /// The author's role.
    pub role: String,
    /// The programme or project.
    pub project: String,
    /// `YYYY-MM`.
    pub start: String,
    /// `YYYY-MM`; absent while it goes on.
    #[serde(default)]
    pub end: Option<String>,
    /// Facet.
    pub industry: String,
    /// Facet; `Narrative` marks stories about the person.
    pub category: String,
    /// Facet.
    pub capability: String,
    /// Facet, below `capability`.
    pub sub_category: String,
    /// Facet.
    pub theme: String,
    /// Facet: a stretch of the career.
    pub era: String,
    /// How far the work reached, for example `Multi Team`.
    pub scope: String,
    /// Paragraphs.
    pub situation: Vec<String>,
    /// Paragraphs.
    pub task: Vec<String>,
    /// Steps.
    pub action: Vec<String>,
    /// Outcomes.
    pub result: Vec<String>,
    /// Whom it was for.
    pub person: String,
    /// Where.
    pub place: String,
    /// Why it mattered.
    pub purpose: String,
    /// How, in short steps.
    pub process: Vec<String>,
    /// Outcomes, in numbers.
    pub performance: Vec<String>,
    /// The story in three sentences, first person.
    pub summary: String,
    /// The numbers to remember.
    pub metrics: Vec<Metric>,
    /// Skills shown.
    pub competencies: Vec<String>,
    /// When it is worth telling.
    pub use_cases: Vec<String>,
    /// Questions that it answers.
    pub interview_questions: Vec<String>,
    /// Keywords.
    pub tags: Vec<String>,
}

/// Whether a client is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ClientKind {
    /// A client by name.
    Named,
    /// Several, or one that is not named.
    Generic,
}

/// A number with its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// For example `19 months`.
    pub value: String,
    /// For example `from kickoff to switch-off`.
    pub label: String,
}

/// A story as it stands in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StorySummary {
    /// See [`Story::id`].
    pub id: String,
    /// See [`Story::title`].
    pub title: String,
    /// See [`Story::client`].
    pub client: String,
    /// See [`Story::role`].
    pub role: String,
    /// See [`Story::industry`].
    pub industry: String,
    /// See [`Story::capability`].
    pub capability: String,
    /// See [`Story::sub_category`].
    pub sub_category: String,
    /// See [`Story::era`].
    pub era: String,
    /// See [`Story::theme`].
    pub theme: String,
    /// See [`Story::start`].
    pub start: String,
    /// See [`Story::end`].
    pub end: Option<String>,
    /// See [`Story::summary`].
    pub summary: String,
}

impl From<Story> for StorySummary {
    fn from(story: Story) -> Self {
        Self {
            id: story.id,
            title: story.title,
            client: story.client,
            role: story.role,
            industry: story.industry,
            capability: story.capability,
            sub_category: story.sub_category,
            era: story.era,
            theme: story.theme,
            start: story.start,
            end: story.end,
            summary: story.summary,
        }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoryPage {
    /// At most `per_page`.
    pub results: Vec<StorySummary>,
    /// From 1.
    pub page: u32,
    /// As asked.
    pub per_page: u32,
    /// Matches on all pages.
    pub total: u32,
}

/// Query of [`STORIES`]. Values of a filter are separated by `|` and joined by OR; filters by AND.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct ListQuery {
    /// Filter.
    pub industry: Option<String>,
    /// Filter.
    pub capability: Option<String>,
    /// Filter.
    pub client: Option<String>,
    /// Filter.
    pub role: Option<String>,
    /// Filter.
    pub sub_category: Option<String>,
    /// Filter.
    pub era: Option<String>,
    /// Filter.
    pub theme: Option<String>,
    /// Filter.
    pub category: Option<String>,
    /// `newest` (default), `oldest` or `title`.
    #[cfg_attr(feature = "openapi", param(pattern = "^(newest|oldest|title)$"))]
    pub sort: Option<String>,
    /// From 1; 1 by default.
    #[cfg_attr(feature = "openapi", param(minimum = 1))]
    pub page: Option<u32>,
    /// 1–100; 20 by default.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub per_page: Option<u32>,
}

/// Stories like one, nearest first, the story itself left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Related {
    /// At most `limit`.
    pub results: Vec<RelatedStory>,
}

/// A story and what it shares with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RelatedStory {
    /// The story.
    pub story: StorySummary,
    /// Why it is here, for people: `Same client`, `Same technique: Event Streaming`, `Similar story`.
    pub reason: String,
}

/// How many stories each value of each facet has, most first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facets {
    /// All stories.
    pub total: u32,
    /// By facet.
    pub industry: Vec<FacetCount>,
    /// By facet.
    pub capability: Vec<FacetCount>,
    /// By facet.
    pub client: Vec<FacetCount>,
    /// By facet.
    pub role: Vec<FacetCount>,
    /// By facet.
    pub sub_category: Vec<FacetCount>,
    /// By facet.
    pub era: Vec<FacetCount>,
    /// By facet.
    pub theme: Vec<FacetCount>,
    /// By facet.
    pub category: Vec<FacetCount>,
}

/// A facet's value and how many stories have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// Stories.
    pub count: u32,
}

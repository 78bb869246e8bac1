//! Wire types and paths of the industries domain, for its service and its remote.

use serde::{Deserialize, Serialize};

/// `GET` → [`Industries`].
pub const INDUSTRIES: &str = "/api/industries";

/// Returns the path of one industry: `GET` → [`Industry`].
#[must_use]
pub fn industry_path(slug: &str) -> String {
    [INDUSTRIES, "/", slug].concat()
}

/// Returns the path of an industry's groups: `GET` → [`Categories`].
#[must_use]
pub fn categories_path(slug: &str) -> String {
    [INDUSTRIES, "/", slug, "/categories"].concat()
}

/// Returns the path of an industry narrowed to one capability: `GET` → [`Categories`].
#[must_use]
pub fn category_path(slug: &str, capability: &str) -> String {
    [INDUSTRIES, "/", slug, "/categories/", capability].concat()
}

/// All industries, most stories first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Industries {
    /// Most stories first, then by name.
    pub industries: Vec<Industry>,
    /// Stories in all of them.
    pub total: u32,
}

/// One industry at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Industry {
    /// For paths: `financial-services`.
    pub slug: String,
    /// `Financial Services`.
    pub name: String,
    /// Stories, those about the person left out.
    pub count: u32,
    /// Named clients, most stories first; one that is only described ("several clients") is none.
    pub clients: Vec<NamedCount>,
    /// Capabilities, most stories first, at most 5.
    pub capabilities: Vec<NamedCount>,
    /// How many capabilities there are, beyond those 5 too.
    pub capability_count: u32,
    /// First year of work, `YYYY`.
    pub from: String,
    /// Last year of work, `YYYY`; absent while it goes on.
    pub to: Option<String>,
}

/// A name and how many stories have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedCount {
    /// The name.
    pub name: String,
    /// Stories.
    pub count: u32,
}

/// An industry's stories, grouped by capability.
///
/// Of one capability, everything in it counts only that capability's stories, `industry` too, and there is
/// exactly one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Categories {
    /// The industry.
    pub industry: Industry,
    /// Groups of at least 3 stories, most first.
    pub core: Vec<Category>,
    /// Smaller groups, most first.
    pub specialised: Vec<Category>,
    /// The same stories by client and time.
    pub timeline: Timeline,
}

/// The stories of one capability in one industry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// For paths, below the industry's: `data-and-analytics`.
    pub slug: String,
    /// The capability.
    pub name: String,
    /// Stories.
    pub count: u32,
    /// Newest first; the 100 newest when there are more.
    pub stories: Vec<StoryLink>,
}

/// Enough of a story to list and link it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoryLink {
    /// For `/story/<id>`.
    pub id: String,
    /// Headline.
    pub title: String,
    /// For whom.
    pub client: String,
    /// The author's role.
    pub role: String,
    /// `YYYY-MM`.
    pub start: String,
    /// `YYYY-MM`, absent while it goes on.
    pub end: Option<String>,
    /// First metric, for example `19 months from kickoff to switch-off`.
    pub headline: Option<String>,
}

/// When the work was done, for whom: laid out, so that a page only draws.
///
/// Offsets and lengths are in thousandths of the whole stretch of time, which begins with the year of the
/// first story and ends after that of the last. What goes on reaches to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// Years to label, at most 7.
    pub ticks: Vec<Tick>,
    /// One for each client, the earliest first; the 40 with the most stories when there are more.
    pub engagements: Vec<Engagement>,
}

/// The beginning of a year on a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tick {
    /// `YYYY`.
    pub year: String,
    /// 0–999.
    pub offset: u32,
}

/// All work for one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Engagement {
    /// For whom; not always a name.
    pub client: String,
    /// Stories.
    pub count: u32,
    /// Of the first story, `YYYY-MM`.
    pub start: String,
    /// Of the last one to end, `YYYY-MM`; absent while one goes on.
    pub end: Option<String>,
    /// Rows that the bars take, so that none covers another.
    pub rows: u32,
    /// Earliest first; the 100 newest when there are more.
    pub bars: Vec<Bar>,
}

/// A story on a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bar {
    /// For `/story/<id>`.
    pub id: String,
    /// Headline.
    pub title: String,
    /// `YYYY-MM`.
    pub start: String,
    /// `YYYY-MM`, absent while it goes on.
    pub end: Option<String>,
    /// 0–930: to the right of a bar's start there is always room for a finger.
    pub offset: u32,
    /// 1–1000.
    pub length: u32,
    /// From 0, below `rows`.
    pub row: u32,
}

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
    /// Named clients, most stories first.
    pub clients: Vec<NamedCount>,
    /// Capabilities, most stories first, at most 5.
    pub capabilities: Vec<NamedCount>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Categories {
    /// The industry.
    pub industry: Industry,
    /// Groups of at least 3 stories, most first.
    pub core: Vec<Category>,
    /// Smaller groups, most first.
    pub specialised: Vec<Category>,
}

/// The stories of one capability in one industry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// The capability.
    pub name: String,
    /// Length of `stories`.
    pub count: u32,
    /// Newest first.
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

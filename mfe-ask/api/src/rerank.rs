//! Which of some found stories an answer should rest on.

use serde::{Deserialize, Serialize};

/// Stories that a search found for a question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RerankRequest {
    /// 1–1000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub question: String,
    /// What was found, at most 200; unknown stories are left out.
    pub results: Vec<Candidate>,
    /// The story from whose page the question comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_story: Option<String>,
    /// How many to return at most, 1–100; 10 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_k: Option<u32>,
}

/// A found story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// Of the story.
    pub id: String,
    /// As the search gave it; comparable within one request.
    pub score: f64,
}

/// Stories in the order in which an answer should use them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RerankResponse {
    /// What kind of question it is.
    pub intent: Intent,
    /// The clients, divisions and programmes that the question names, in full.
    pub entities: Vec<String>,
    /// Best first.
    pub results: Vec<Reranked>,
}

/// A story with its place's reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reranked {
    /// Of the story.
    pub id: String,
    /// For whom.
    pub client: String,
    /// Comparable within one response.
    pub score: f64,
    /// It belongs to what the question names, or the question comes from its page.
    pub pinned: bool,
}

/// What kind of question it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Intent {
    /// Names a client, division or programme: only its stories.
    Entity,
    /// Goes over several clients: at least four named ones where there are as many.
    Synthesis,
    /// About the person as such: narrative stories too.
    Person,
    /// Any other: no client twice before each had its turn.
    General,
}

//! What an answer is made of, and who makes it.

use std::fmt::Debug;

/// A sentence that a composer proposes; nothing is shown before it was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Without its mark.
    pub text: String,
    /// Id of the story.
    pub story: String,
    /// Word for word from the story, where the composer knows it.
    pub quote: Option<String>,
    /// Begins a paragraph.
    pub opens: bool,
}

/// What an answer is to be made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// Stands alone.
    pub question: String,
    /// Questions and answers, oldest first.
    pub earlier: Vec<(String, String)>,
    /// Best first.
    pub stories: Vec<Excerpt>,
    /// Goes over several clients.
    pub synthesis: bool,
}

/// What a composer may use of a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Id.
    pub id: String,
    /// Headline.
    pub title: String,
    /// For whom.
    pub client: String,
    /// The author's role.
    pub role: String,
    /// When.
    pub period: String,
    /// Verbatim, in the order of the telling.
    pub sentences: Vec<String>,
}

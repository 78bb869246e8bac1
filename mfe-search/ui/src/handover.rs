//! What another version of this remote gets when it takes this one's place in an open page.

use serde::{Deserialize, Serialize};
use shared_ui::Location;

use crate::state::SearchState;

/// The state that is handed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Handover {
    /// The page's path and query. The host's location counts for more where it is ours.
    pub(crate) path: String,
    /// What stands in the search box, which the location may not say yet.
    pub(crate) draft: Option<String>,
}

impl Handover {
    /// Returns the state of a page at `location` with `draft` in its box.
    pub(crate) fn of(location: &Location, draft: &str) -> Self {
        let path = SearchState::from_location(location).to_path();
        Self { path, draft: Some(draft.to_owned()) }
    }

    /// Returns where the page was.
    pub(crate) fn location(&self) -> Location {
        Location::parse(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::Location;

    use super::Handover;

    #[test]
    fn what_is_handed_over_comes_back() {
        let handover =
            Handover::of(&Location::parse("/?q=kafka&era=X&page=2&utm_source=a"), "kafk");
        let text = serde_json::to_string(&handover).unwrap();
        assert_eq!(text, r#"{"path":"/?q=kafka&era=X&page=2","draft":"kafk"}"#);
        let back: Handover = serde_json::from_str(&text).unwrap();
        assert_eq!(back, handover);
        assert_eq!(back.location().param("q").as_deref(), Some("kafka"));
    }

    #[test]
    fn less_and_more_than_is_known_is_taken_as_far_as_it_goes() {
        let old: Handover = serde_json::from_str("{}").unwrap();
        assert_eq!(old, Handover::default());
        let new: Handover = serde_json::from_str(r#"{"draft":"a","columns":[3]}"#).unwrap();
        assert_eq!(new.draft.as_deref(), Some("a"));
    }
}

//! What the address asks for: `/ask/<conversation>?q=<question>&story=<id>`.

use shared_ui::{Location, with_query};
use yew::AttrValue;

/// What a link to this page wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// To be shown again; without one a new conversation begins.
    pub(crate) conversation: Option<String>,
    /// To be asked at once, and then gone from the address: a reload must not ask again.
    pub(crate) question: Option<AttrValue>,
    /// The story that questions are about; it stays in the address.
    pub(crate) story: Option<AttrValue>,
}

impl Arrival {
    /// Reads path and query; `None` when the path is another page's.
    pub(crate) fn of(location: &Location) -> Option<Self> {
        let conversation = match location.segments().as_slice() {
            ["ask"] => None,
            ["ask", id] => Some((*id).to_owned()),
            _ => return None,
        };
        let param = |name| {
            let value = location.param(name)?;
            let value = value.trim();
            (!value.is_empty()).then(|| AttrValue::from(value.to_owned()))
        };
        Some(Self { conversation, question: param("q"), story: param("story") })
    }

    /// Returns the address of a conversation, or of a new one, with only the story.
    pub(crate) fn settled(conversation: Option<&str>, story: Option<&str>) -> String {
        let path = conversation.map_or_else(|| "/ask".to_owned(), |id| ["/ask/", id].concat());
        with_query(&path, &[("story", story.unwrap_or_default())])
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::Location;

    use super::Arrival;

    #[test]
    fn the_address_gives_conversation_question_and_story() {
        for (address, conversation, question, story) in [
            ("/ask", None, None, None),
            ("/ask/?q=&story=+", None, None, None),
            ("/ask?q=+Why+C%2B%2B%3F+", None, Some("Why C++?"), None),
            ("/ask?story=berths-by-noon&q=How", None, Some("How"), Some("berths-by-noon")),
            ("/ask/c-1?story=ledger", Some("c-1"), None, Some("ledger")),
        ] {
            let arrival = Arrival::of(&Location::parse(address)).unwrap();
            assert_eq!(arrival.conversation.as_deref(), conversation, "{address}");
            assert_eq!(arrival.question.as_deref(), question, "{address}");
            assert_eq!(arrival.story.as_deref(), story, "{address}");
        }
        for other in ["/", "/story/a", "/ask/a/b"] {
            assert_eq!(Arrival::of(&Location::parse(other)), None, "{other}");
        }
    }

    #[test]
    fn once_asked_only_conversation_and_story_stay_in_the_address() {
        assert_eq!(Arrival::settled(None, None), "/ask");
        assert_eq!(Arrival::settled(Some("c-1"), None), "/ask/c-1");
        assert_eq!(Arrival::settled(None, Some("berths-by-noon")), "/ask?story=berths-by-noon");
    }
}

//! What the address asks for: `/ask?q=<question>&story=<id>`.

use shared_ui::{Location, with_query};
use yew::AttrValue;

/// What a link to this page wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// To be asked at once, and then gone from the address: a reload must not ask again.
    pub(crate) question: Option<AttrValue>,
    /// The story that questions are about; it stays in the address.
    pub(crate) story: Option<AttrValue>,
}

impl Arrival {
    /// Reads the query.
    pub(crate) fn of(location: &Location) -> Self {
        let param = |name| {
            let value = location.param(name)?;
            let value = value.trim();
            (!value.is_empty()).then(|| AttrValue::from(value.to_owned()))
        };
        Self { question: param("q"), story: param("story") }
    }

    /// Returns the address of the page with only the story.
    pub(crate) fn settled(story: Option<&str>) -> String {
        with_query("/ask", &[("story", story.unwrap_or_default())])
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::Location;

    use super::Arrival;

    #[test]
    fn the_address_gives_question_and_story() {
        for (address, question, story) in [
            ("/ask", None, None),
            ("/ask?q=&story=+", None, None),
            ("/ask?q=+Why+C%2B%2B%3F+", Some("Why C++?"), None),
            ("/ask?story=berths-by-noon&q=How", Some("How"), Some("berths-by-noon")),
        ] {
            let arrival = Arrival::of(&Location::parse(address));
            assert_eq!(arrival.question.as_deref(), question, "{address}");
            assert_eq!(arrival.story.as_deref(), story, "{address}");
        }
    }

    #[test]
    fn once_asked_only_the_story_stays_in_the_address() {
        assert_eq!(Arrival::settled(None), "/ask");
        assert_eq!(Arrival::settled(Some("berths-by-noon")), "/ask?story=berths-by-noon");
    }
}

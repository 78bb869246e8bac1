//! What the typed beginning may become.

use mfe_search_api::{Suggestion, SuggestionKind};
use yew::prelude::*;

use crate::tag::tag;

/// Id of the list; its options have ids of [`option_id`].
pub(super) const LIST: &str = "search-suggestions";

/// Returns the id of an option, from 1.
pub(super) fn option_id(place: u32) -> String {
    ["search-suggestion-", &place.to_string()].concat()
}

/// A listbox whose focus stays in the box above; `here` is the option that the keys have reached, from 1.
pub(super) fn suggestions(list: &[Suggestion], here: u32, on_pick: &Callback<Suggestion>) -> Html {
    let option = |(place, suggestion): (u32, &Suggestion)| {
        let onclick = {
            let (on_pick, suggestion) = (on_pick.clone(), suggestion.clone());
            Callback::from(move |_: MouseEvent| on_pick.emit(suggestion.clone()))
        };
        let kind = match suggestion.kind {
            SuggestionKind::Title => "Story",
            SuggestionKind::Client => "Client",
            SuggestionKind::Capability => "Capability",
        };
        tag("li", "search-suggestion")
            .set("role", "option")
            .with("id", &option_id(place))
            .flag("aria-selected", place == here)
            .click(onclick)
            .with_text("span", "search-suggestion__text", &suggestion.text)
            .with_text("span", "search-suggestion__kind", kind)
            .end()
    };
    // A press must not take the focus out of the box, which would close the list before the click.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <ul role="listbox" id={LIST} class="search-suggestions" aria-label="Suggestions" {onmousedown}>
            { for (1..).zip(list).map(option) }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use mfe_search_api::{Suggestion, SuggestionKind};
    use yew::prelude::*;

    use super::suggestions;
    use crate::ui::tests::render;

    #[tokio::test(flavor = "current_thread")]
    async fn one_option_is_selected_and_text_stays_text() {
        let option = |text: &str| Suggestion {
            kind: SuggestionKind::Client,
            text: text.to_owned(),
            id: None,
        };
        let list = [option("Northbank"), option("<b>R&D</b>")];
        let html = render(suggestions(&list, 2, &Callback::noop())).await;
        assert_eq!(html.matches("aria-selected=\"true\"").count(), 1, "{html}");
        assert!(html.contains("&lt;b&gt;R&amp;D&lt;/b&gt;"), "{html}");
    }
}

//! What the typed beginning may become.

use mfe_search_api::{Suggestion, SuggestionKind};
use yew::prelude::*;

use crate::tag::tag;

/// Id of the list; its options have ids of [`option_id`].
pub(super) const LIST: &str = "search-suggestions";

/// Returns the id of an option.
pub(super) fn option_id(index: usize) -> String {
    ["search-suggestion-", &index.to_string()].concat()
}

/// A listbox whose focus stays in the box above; `active` is the option that the keys have reached.
pub(super) fn suggestions(
    list: &[Suggestion],
    active: Option<usize>,
    on_pick: &Callback<Suggestion>,
) -> Html {
    let option = |(index, suggestion): (usize, &Suggestion)| {
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
            .with("id", &option_id(index))
            .flag("aria-selected", active == Some(index))
            .click(onclick)
            .with_text("span", "search-suggestion__text", &suggestion.text)
            .with_text("span", "search-suggestion__kind", kind)
            .end()
    };
    // A press must not take the focus out of the box, which would close the list before the click.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <ul role="listbox" id={LIST} class="search-suggestions" aria-label="Suggestions" {onmousedown}>
            { for list.iter().enumerate().map(option) }
        </ul>
    }
}

/// Returns the option after a step: round the ends, through the box itself, as in a ring.
pub(super) fn step(active: Option<usize>, forwards: bool, count: usize) -> Option<usize> {
    match (active, forwards) {
        (None, true) => (count > 0).then_some(0),
        (None, false) => count.checked_sub(1),
        (Some(index), true) => Some(index + 1).filter(|next| *next < count),
        (Some(index), false) => index.checked_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use mfe_search_api::{Suggestion, SuggestionKind};
    use yew::prelude::*;

    use super::{step, suggestions};
    use crate::ui::tests::render;

    #[test]
    fn keys_go_round_through_the_box() {
        let mut active = None;
        let mut seen = Vec::new();
        for _ in 0..4 {
            active = step(active, true, 2);
            seen.push(active);
        }
        assert_eq!(seen, [Some(0), Some(1), None, Some(0)]);
        assert_eq!(step(None, false, 2), Some(1));
        assert_eq!(step(Some(0), false, 2), None);
        assert_eq!((step(None, true, 0), step(None, false, 0)), (None, None));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn one_option_is_selected_and_text_stays_text() {
        let option = |text: &str| Suggestion {
            kind: SuggestionKind::Client,
            text: text.to_owned(),
            id: None,
        };
        let list = [option("Northbank"), option("<b>R&D</b>")];
        let html = render(suggestions(&list, Some(1), &Callback::noop())).await;
        assert_eq!(html.matches("aria-selected=\"true\"").count(), 1, "{html}");
        assert!(html.contains("&lt;b&gt;R&amp;D&lt;/b&gt;"), "{html}");
    }
}

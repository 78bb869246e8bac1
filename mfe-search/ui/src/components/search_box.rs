//! The box to type into.

use mfe_search_api::Suggestion;
use shared_ui::{
    components::{IconName, icon},
    hooks::{use_debounced, use_host, use_query},
    kit::NavigateMode,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::suggestions::{LIST, option_id, suggestions};
use crate::{
    client::{self, Ask},
    hooks::use_slash_key,
    state::tidy,
    tag::tag,
    ui::story_path,
};

/// Milliseconds without a key before what was typed counts.
const PAUSE: i32 = 200;
/// Characters that suggestions need.
const ENOUGH: usize = 2;

/// Props of [`SearchBox`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct SearchBoxProps {
    /// The query as the URL has it.
    pub(crate) value: AttrValue,
    /// What the box begins with, if not the query.
    #[prop_or_default]
    pub(crate) draft: Option<AttrValue>,
    /// Will be the field.
    #[prop_or_default]
    pub(crate) field: NodeRef,
    /// Told the tidied query when typing pauses.
    pub(crate) on_type: Callback<AttrValue>,
    /// Told it at once, on Enter and when the box is cleared.
    pub(crate) on_submit: Callback<AttrValue>,
    /// Told that the arrow down leads on to the results.
    pub(crate) on_down: Callback<()>,
}

/// A search landmark with one labelled combobox. `/` focuses it; arrows choose a suggestion and Enter takes
/// it; Escape closes the suggestions, then clears the box, then leaves it.
#[component]
pub(crate) fn SearchBox(props: &SearchBoxProps) -> Html {
    let SearchBoxProps { value, draft, field: input, on_type, on_submit, on_down } = props;
    let host = use_host();
    let draft = use_state_eq(|| draft.as_ref().unwrap_or(value).clone());
    let sent = use_mut_ref(|| value.clone());
    // Somebody is typing, and has not said that suggestions are in the way.
    let wanted = use_state_eq(|| false);
    // 0 is the box itself, then come the suggestions.
    let place = use_state_eq(|| 0_u32);
    use_slash_key(input);
    {
        // A query that did not come from here (the back button, a link) replaces what is typed.
        let (draft, sent, wanted) = (draft.setter(), sent.clone(), wanted.setter());
        use_effect_with(value.clone(), move |value| {
            if *sent.borrow() != *value {
                *sent.borrow_mut() = value.clone();
                draft.set(value.clone());
                wanted.set(false);
            }
        });
    }
    let settled = use_debounced((*draft).clone(), PAUSE);
    {
        let (on_type, sent) = (on_type.clone(), sent.clone());
        use_effect_with(settled.clone(), move |settled| {
            let query = AttrValue::from(tidy(settled));
            if sent.replace(query.clone()) != query {
                on_type.emit(query);
            }
        });
    }
    let beginning = tidy(&settled);
    let enough = *wanted && settled == *draft && beginning.chars().count() >= ENOUGH;
    let ask = if enough { Ask::Suggest(beginning) } else { Ask::Nothing };
    let answer = use_query(ask, client::find).data;
    let list = answer.ready().map_or(&[][..], |found| &found.suggestions);
    let open = *wanted && !list.is_empty();
    let count = u32::try_from(list.len()).unwrap_or_default();
    let here = if open { (*place).min(count) } else { 0 };

    let submit = {
        let (on_submit, sent, wanted) = (on_submit.clone(), sent, wanted.setter());
        Callback::from(move |text: AttrValue| {
            let query = AttrValue::from(tidy(&text));
            *sent.borrow_mut() = query.clone();
            wanted.set(false);
            on_submit.emit(query);
        })
    };
    let pick = {
        let (draft, submit) = (draft.setter(), submit.clone());
        Callback::from(move |suggestion: Suggestion| match suggestion.id {
            Some(id) => host.navigate(&story_path(&id), NavigateMode::Push),
            None => {
                let text = AttrValue::from(suggestion.text);
                draft.set(text.clone());
                submit.emit(text);
            }
        })
    };
    let oninput = {
        let (draft, wanted, place) = (draft.setter(), wanted.setter(), place.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                draft.set(input.value().into());
                wanted.set(true);
                place.set(0);
            }
        })
    };
    let onblur = {
        let wanted = wanted.setter();
        Callback::from(move |_: FocusEvent| wanted.set(false))
    };
    let onsubmit = {
        let (draft, submit, pick) = (draft.clone(), submit.clone(), pick.clone());
        let chosen = here.checked_sub(1).and_then(|index| list.get(index as usize)).cloned();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match chosen.clone() {
                Some(suggestion) => pick.emit(suggestion),
                None => submit.emit((*draft).clone()),
            }
        })
    };
    let clear = {
        let (draft, input) = (draft.setter(), input.clone());
        Callback::from(move |()| {
            draft.set(AttrValue::default());
            submit.emit(AttrValue::default());
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.focus().ok();
            }
        })
    };
    let onkeydown = {
        let (clear, input, empty) = (clear.clone(), input.clone(), draft.is_empty());
        let (wanted, place) = (wanted.setter(), place.setter());
        let on_down = on_down.clone();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" if open => place.set((here + 1) % (count + 1)),
                "ArrowUp" if open => place.set((here + count) % (count + 1)),
                "ArrowDown" if event.alt_key() => wanted.set(true),
                "ArrowDown" => on_down.emit(()),
                "Escape" if open => wanted.set(false),
                "Escape" => match input.cast::<HtmlInputElement>() {
                    Some(input) if empty => input.blur().unwrap_or_default(),
                    _ => clear.emit(()),
                },
                _ => return,
            }
            // Else the browser would move the caret, or empty the field behind the component's back.
            event.prevent_default();
        })
    };

    let end = if draft.is_empty() {
        tag("kbd", "search-box__key").set("aria-hidden", "true").text("/")
    } else {
        tag("button", "search-box__clear")
            .set("type", "button")
            .set("aria-label", "Clear the search")
            .click(clear.reform(|_: MouseEvent| ()))
            .add(icon(IconName::Close))
    };
    let label = tag("label", "visually-hidden").set("for", "search-query");
    html! {
        <form class="search-box" role="search" {onsubmit}>
            { label.text("Search the stories").end() }
            { icon(IconName::Search) }
            <input ref={input.clone()} id="search-query" class="search-box__input" type="search" name="q"
                value={(*draft).clone()} placeholder="Search by topic, client or technology"
                autocomplete="off" spellcheck="false" enterkeyhint="search" dir="auto" role="combobox"
                aria-autocomplete="list" aria-expanded={if open { "true" } else { "false" }}
                aria-controls={open.then_some(LIST)}
                aria-activedescendant={(here > 0).then(|| option_id(here))} maxlength="500" {oninput}
                {onkeydown} {onblur} />
            { end.end() }
            // Always a child: with another number of them Yew would make the field anew, without the focus.
            { if open { suggestions(list, here, &pick) } else { Html::default() } }
        </form>
    }
}

#[cfg(test)]
mod tests {
    use yew::prelude::*;

    use super::{SearchBox, SearchBoxProps};

    async fn render(value: &'static str) -> String {
        let props = SearchBoxProps {
            value: value.into(),
            draft: None,
            field: NodeRef::default(),
            on_type: Callback::noop(),
            on_submit: Callback::noop(),
            on_down: Callback::noop(),
        };
        yew::LocalServerRenderer::<SearchBox>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_field_is_labelled_and_offers_to_clear_only_what_is_there() {
        let empty = render("").await;
        let most = ["maxlength=\"", &crate::state::MAX_QUERY.to_string(), "\""].concat();
        assert!(empty.contains(&most), "{empty}");
        assert!(empty.contains("role=\"combobox\""), "{empty}");
        assert!(empty.contains("aria-expanded=\"false\""), "{empty}");
        assert!(empty.contains("for=\"search-query\">Search the stories</label>"), "{empty}");
        assert!(!empty.contains("Clear the search"), "{empty}");
        let typed = render("kafka").await;
        assert!(typed.contains("value=\"kafka\""), "{typed}");
        assert!(typed.contains("aria-label=\"Clear the search\""), "{typed}");
    }
}

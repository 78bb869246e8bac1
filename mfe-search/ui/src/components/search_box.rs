//! The box to type into.

use shared_ui::{
    components::{Icon, IconName},
    hooks::use_debounced,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    hooks::use_slash_key,
    state::{MAX_QUERY, tidy},
};

/// Milliseconds without a key before what was typed counts.
const PAUSE: i32 = 200;

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
}

/// A search landmark with one labelled field. `/` focuses it, Escape clears it and then leaves it.
#[component]
pub(crate) fn SearchBox(props: &SearchBoxProps) -> Html {
    let SearchBoxProps { value, draft, field: input, on_type, on_submit } = props;
    let draft = use_state_eq(|| draft.as_ref().unwrap_or(value).clone());
    let sent = use_mut_ref(|| value.clone());
    use_slash_key(input);
    {
        // A query that did not come from here (the back button, a link) replaces what is typed.
        let (draft, sent) = (draft.setter(), sent.clone());
        use_effect_with(value.clone(), move |value| {
            if *sent.borrow() != *value {
                *sent.borrow_mut() = value.clone();
                draft.set(value.clone());
            }
        });
    }
    let settled = use_debounced((*draft).clone(), PAUSE);
    {
        let (on_type, sent) = (on_type.clone(), sent.clone());
        use_effect_with(settled, move |settled| {
            let query = AttrValue::from(tidy(settled));
            if sent.replace(query.clone()) != query {
                on_type.emit(query);
            }
        });
    }

    let submit = {
        let (on_submit, sent) = (on_submit.clone(), sent);
        Callback::from(move |text: AttrValue| {
            let query = AttrValue::from(tidy(&text));
            *sent.borrow_mut() = query.clone();
            on_submit.emit(query);
        })
    };
    let oninput = {
        let draft = draft.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                draft.set(input.value().into());
            }
        })
    };
    let onsubmit = {
        let (draft, submit) = (draft.clone(), submit.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            submit.emit((*draft).clone());
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
        Callback::from(move |event: KeyboardEvent| {
            if event.key() != "Escape" {
                return;
            }
            // Else the browser would empty a search field behind the component's back.
            event.prevent_default();
            match input.cast::<HtmlInputElement>() {
                Some(input) if empty => input.blur().unwrap_or_default(),
                _ => clear.emit(()),
            }
        })
    };

    html! {
        <form class="search-box" role="search" {onsubmit}>
            <label class="visually-hidden" for="search-query">{ "Search the stories" }</label>
            <Icon name={IconName::Search} />
            <input ref={input.clone()} id="search-query" class="search-box__input" type="search" name="q"
                value={(*draft).clone()} placeholder="Search by topic, client or technology"
                autocomplete="off" spellcheck="false" enterkeyhint="search"
                maxlength={MAX_QUERY.to_string()} {oninput} {onkeydown} />
            if draft.is_empty() {
                <kbd class="search-box__key" aria-hidden="true">{ "/" }</kbd>
            } else {
                <button type="button" class="search-box__clear" aria-label="Clear the search"
                    onclick={clear.reform(|_: MouseEvent| ())}>
                    <Icon name={IconName::Close} />
                </button>
            }
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
        };
        yew::LocalServerRenderer::<SearchBox>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_field_is_labelled_and_offers_to_clear_only_what_is_there() {
        let empty = render("").await;
        assert!(empty.contains("<label for=\"search-query\""), "{empty}");
        assert!(!empty.contains("Clear the search"), "{empty}");
        let typed = render("kafka").await;
        assert!(typed.contains("value=\"kafka\""), "{typed}");
        assert!(typed.contains("aria-label=\"Clear the search\""), "{typed}");
    }
}

//! One property to narrow by.

use std::rc::Rc;

use shared_ui::components::{Icon, IconName};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::facet::{Facet, FacetOption};

/// Props of [`FilterMenu`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct FilterMenuProps {
    pub(crate) facet: Facet,
    pub(crate) options: Rc<[FacetOption]>,
    /// Told the value that was chosen or taken back.
    pub(crate) on_toggle: Callback<AttrValue>,
}

/// A disclosure of checkboxes, whose id keeps it open when another version takes over; opening one closes the others, Escape closes it.
#[component]
pub(crate) fn FilterMenu(props: &FilterMenuProps) -> Html {
    let FilterMenuProps { facet, options, on_toggle } = props;
    let details = use_node_ref();
    let onkeydown = {
        let details = details.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape"
                && let Some(details) = details.cast::<Element>()
            {
                details.remove_attribute("open").ok();
                let summary = details.first_element_child();
                if let Some(summary) = summary.and_then(|s| s.dyn_into::<HtmlElement>().ok()) {
                    summary.focus().ok();
                }
            }
        })
    };
    let option = |option: &FacetOption| {
        let value = AttrValue::from(option.value.clone());
        let onchange = {
            let value = value.clone();
            on_toggle.reform(move |_: Event| value.clone())
        };
        html! {
            <li key={&*option.value}>
                <label class="search-filter__option">
                    <input type="checkbox" checked={option.chosen} {onchange} />
                    <span class="search-filter__value">{ value }</span>
                    <span class="search-filter__count">{ option.count }</span>
                </label>
            </li>
        }
    };
    let chosen = options.iter().filter(|option| option.chosen).count();
    html! {
        <details ref={details} id={["filter-", facet.key()].concat()} class="search-filter" name="search-filter" {onkeydown}>
            <summary class={classes!("search-filter__name", (chosen > 0).then_some("is-active"))}>
                { facet.label() }
                if chosen > 0 {
                    <span class="search-filters__chosen">{ chosen }</span>
                }
                <Icon name={IconName::ChevronDown} />
            </summary>
            <fieldset class="search-filter__panel">
                <legend class="visually-hidden">{ facet.label() }</legend>
                if options.is_empty() {
                    <p class="soft">{ "Nothing to choose from." }</p>
                }
                <ul>{ for options.iter().map(option) }</ul>
            </fieldset>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use yew::prelude::*;

    use super::{FilterMenu, FilterMenuProps};
    use crate::facet::{Facet, FacetOption};

    async fn render(options: &[FacetOption]) -> String {
        let props = FilterMenuProps {
            facet: Facet::Client,
            options: Rc::from(options),
            on_toggle: Callback::noop(),
        };
        yew::LocalServerRenderer::<FilterMenu>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn options_are_labelled_checkboxes_with_counts() {
        let option =
            |value: &str, count, chosen| FacetOption { value: value.into(), count, chosen };
        let html = render(&[option("Northbank", 11, true), option("Halyard", 7, false)]).await;
        assert_eq!(html.matches("<label").count(), 2, "{html}");
        assert_eq!(html.matches("checked").count(), 1, "{html}");
        for part in ["Northbank</span>", ">11</span>", "is-active", "Halyard</span>", ">7</span>"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_menu_without_options_says_so() {
        let html = render(&[]).await;
        assert!(html.contains("Nothing to choose from."), "{html}");
        assert!(!html.contains("is-active"), "{html}");
    }
}

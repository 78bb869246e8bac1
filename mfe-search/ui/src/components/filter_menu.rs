//! One property to narrow by.

use shared_ui::components::{Icon, IconName};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::{
    facet::{Facet, FacetOption},
    ui::Ui,
};

/// A disclosure of checkboxes, whose id keeps it open when another version takes over; opening one closes
/// the others, Escape closes it.
pub(super) fn filter_menu(ui: &Ui, facet: Facet, options: &[FacetOption]) -> Html {
    let option = |option: &FacetOption| {
        let (ui, value) = (ui.clone(), AttrValue::from(option.value.clone()));
        let onchange = {
            let value = value.clone();
            Callback::from(move |_: Event| ui.go.emit(ui.state.toggled(facet, &value)))
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
        <details id={["filter-", facet.key()].concat()} class="search-filter" name="search-filter"
            onkeydown={Callback::from(|event: KeyboardEvent| close_on_escape(&event))}>
            <summary class={if chosen > 0 { "search-filter__name is-active" } else { "search-filter__name" }}>
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

fn close_on_escape(event: &KeyboardEvent) {
    let target = event.target_dyn_into::<Element>();
    let details = target.and_then(|target| target.closest("details[open]").ok().flatten());
    if let Some(details) = details.filter(|_| event.key() == "Escape") {
        // The sheet around it stays.
        event.prevent_default();
        event.stop_propagation();
        details.remove_attribute("open").ok();
        let summary = details.first_element_child();
        if let Some(summary) = summary.and_then(|s| s.dyn_into::<HtmlElement>().ok()) {
            summary.focus().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::filter_menu;
    use crate::{
        facet::{Facet, FacetOption},
        ui::tests::{at, render},
    };

    async fn menu(options: &[FacetOption]) -> String {
        render(filter_menu(&at("/"), Facet::Client, options)).await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn options_are_labelled_checkboxes_with_counts() {
        let option =
            |value: &str, count, chosen| FacetOption { value: value.into(), count, chosen };
        let html = menu(&[option("Northbank", 11, true), option("Halyard", 7, false)]).await;
        assert_eq!(html.matches("<label").count(), 2, "{html}");
        assert_eq!(html.matches("checked").count(), 1, "{html}");
        for part in ["Northbank</span>", ">11</span>", "is-active", "Halyard</span>", ">7</span>"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_menu_without_options_says_so() {
        let html = menu(&[]).await;
        assert!(html.contains("Nothing to choose from."), "{html}");
        assert!(!html.contains("is-active"), "{html}");
    }
}

//! One property to narrow by.

use shared_ui::components::{IconName, icon};
use yew::prelude::*;

use crate::{
    facet::{Facet, FacetOption},
    tag::tag,
    ui::Ui,
};

/// A disclosure of checkboxes, whose id keeps it open when another version takes over; opening one closes
/// the others, Escape closes it (`keys.rs`).
pub(super) fn filter_menu(ui: &Ui, facet: Facet, options: &[FacetOption]) -> Html {
    let option = |option: &FacetOption| {
        let (ui, value) = (ui.clone(), option.value.clone());
        let onchange = Callback::from(move |_: Event| ui.go.emit(ui.state.toggled(facet, &value)));
        let checked = option.chosen;
        let label = tag("label", "search-filter__option")
            .add(html! { <input type="checkbox" {checked} {onchange} /> })
            .with_text("span", "search-filter__value", &option.value)
            .add(tag("span", "search-filter__count").number(option.count).end());
        tag("li", "").key(&option.value).add(label.end()).end()
    };
    let chosen = options.iter().filter(|option| option.chosen).count();
    let name = if chosen > 0 { "search-filter__name is-active" } else { "search-filter__name" };
    let summary = tag("summary", name)
        .text(facet.label())
        .maybe(chosen_count(chosen))
        .add(icon(IconName::ChevronDown));
    let none = options.is_empty().then(|| tag("p", "soft").text("Nothing to choose from.").end());
    let panel = tag("fieldset", "search-filter__panel")
        .with_text("legend", "visually-hidden", facet.label())
        .maybe(none)
        .add(tag("ul", "").all(options.iter().map(option)).end());
    tag("details", "search-filter")
        .with("id", &["filter-", facet.key()].concat())
        .set("name", "search-filter")
        .add(summary.end())
        .add(panel.end())
        .end()
}

/// Shows how many are chosen, if any.
pub(super) fn chosen_count(chosen: usize) -> Option<Html> {
    let count = u32::try_from(chosen).ok().filter(|count| *count > 0)?;
    Some(tag("span", "search-filters__chosen").number(count).end())
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

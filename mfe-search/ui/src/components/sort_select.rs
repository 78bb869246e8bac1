//! Choices of one from a few: the order of the results, the length of a page.

use mfe_search_api::Sort;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{
    state::{Size, sort_key, sort_of},
    tag::tag,
    ui::Ui,
};

/// A labelled select for the order; "best match" only where there is a query.
pub(super) fn sort_select(ui: &Ui) -> Html {
    let now = ui.state.effective_sort();
    let relevance = (!ui.state.query.is_empty()).then_some(Sort::Relevance);
    let sorts =
        relevance.into_iter().chain([Sort::Newest, Sort::Oldest, Sort::Title, Sort::Client]);
    let options = sorts.map(|sort| (sort_key(sort), label(sort), sort == now)).collect();
    let ui = ui.clone();
    select("Sort", options, move |key| {
        ui.go.emit(ui.state.sorted(sort_of(key).unwrap_or(Sort::Relevance)));
    })
}

/// A labelled select for the length of a page.
pub(super) fn size_select(ui: &Ui) -> Html {
    let option = |size: Size| {
        let label = if size == Size::All { "All" } else { size.key() };
        (size.key(), label, size == ui.state.size)
    };
    let options = Size::ALL.into_iter().map(option).collect();
    let ui = ui.clone();
    select("Rows", options, move |key| ui.go.emit(ui.state.sized(Size::of(key))))
}

/// `options` are value, label and whether it is chosen.
fn select(
    label: &'static str,
    options: Vec<(&'static str, &'static str, bool)>,
    choose: impl Fn(&str) + 'static,
) -> Html {
    let onchange = Callback::from(move |event: Event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            choose(&select.value());
        }
    });
    let option = |(value, label, selected)| {
        let option = tag("option", "").set("value", value).text(label);
        if selected { option.set("selected", "selected").end() } else { option.end() }
    };
    let options: Html = options.into_iter().map(option).collect();
    tag("label", "search-sort")
        .with_text("span", "search-sort__label", label)
        .add(html! { <select class="search-sort__select" {onchange}>{ options }</select> })
        .end()
}

fn label(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "Best match",
        Sort::Newest => "Newest",
        Sort::Oldest => "Oldest",
        Sort::Title => "Title",
        Sort::Client => "Client",
    }
}

#[cfg(test)]
mod tests {
    use super::{size_select, sort_select};
    use crate::ui::tests::{at, render};

    #[tokio::test(flavor = "current_thread")]
    async fn best_match_is_offered_only_where_there_is_a_query() {
        assert!(render(sort_select(&at("/?q=a"))).await.contains("Best match"));
        let list = render(sort_select(&at("/?era=X"))).await;
        assert!(!list.contains("Best match"), "{list}");
        assert_eq!(list.matches("selected=").count(), 1, "{list}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_page_has_ten_twenty_fifty_or_all_rows() {
        let html = render(size_select(&at("/?view=table&size=50"))).await;
        for key in ["10", "20", "50", "all"] {
            assert!(html.contains(&["value=\"", key].concat()), "{key} in {html}");
        }
        assert_eq!(html.matches("selected=").count(), 1, "{html}");
    }
}

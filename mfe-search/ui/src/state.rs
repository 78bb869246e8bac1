//! What the page shows, as its URL says it.

mod shape;

use mfe_search_api::{Filters, SearchRequest, Sort};
use shared_ui::{Location, with_query};

use crate::{client::Ask, facet::Facet};
pub(crate) use shape::{Size, View};

/// Cards on a page.
pub(crate) const PER_PAGE: u32 = 12;
/// Stories on the landing page.
pub(crate) const NEWEST: u32 = 9;
/// The most results that the service gives at once.
pub(crate) const MOST: u32 = 100;
/// Longest query, in characters; the service takes no more.
pub(crate) const MAX_QUERY: usize = 500;

/// All that the URL holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SearchState {
    /// Trimmed, at most [`MAX_QUERY`] characters.
    pub(crate) query: String,
    /// No filters are to be read out of the query.
    pub(crate) literal: bool,
    pub(crate) filters: Filters,
    /// Never `Relevance`, which is the absence of a choice.
    pub(crate) sort: Option<Sort>,
    pub(crate) view: View,
    /// Of the table.
    pub(crate) size: Size,
    /// From 1.
    pub(crate) page: u32,
    /// Id of the story whose detail is open.
    pub(crate) open: Option<String>,
    /// Eras that are collapsed.
    pub(crate) folded: Vec<String>,
}

impl Default for SearchState {
    fn default() -> Self {
        Self {
            query: String::new(),
            literal: false,
            filters: Filters::default(),
            sort: None,
            view: View::default(),
            size: Size::default(),
            page: 1,
            open: None,
            folded: Vec::new(),
        }
    }
}

impl SearchState {
    /// Reads a location; what makes no sense in it is ignored.
    pub(crate) fn from_location(location: &Location) -> Self {
        let values = |key: &str| {
            let mut values = Vec::new();
            for value in location.params(key) {
                if !value.is_empty() && !values.contains(&value) {
                    values.push(value);
                }
            }
            values
        };
        let first = |key: &str| location.param(key).unwrap_or_default();
        let mut filters = Filters::default();
        for facet in Facet::ALL {
            *facet.chosen_mut(&mut filters) = values(facet.key());
        }
        Self {
            query: tidy(&first("q")),
            literal: first("literal") == "1",
            filters,
            sort: sort_of(&first("sort")),
            view: View::of(&first("view")),
            size: Size::of(&first("size")),
            page: first("page").parse().unwrap_or(1).max(1),
            open: values("open").into_iter().next(),
            folded: values("fold"),
        }
    }

    /// Returns the path that [`Self::from_location`] reads back.
    pub(crate) fn to_path(&self) -> String {
        let page = self.page.to_string();
        let mut pairs = vec![("q", self.query.as_str())];
        pairs.push(("literal", if self.literal { "1" } else { "" }));
        pairs.extend(self.chosen().map(|(facet, value)| (facet.key(), value)));
        pairs.push(("sort", self.sort.map(sort_key).unwrap_or_default()));
        pairs.push(("view", if self.view == View::default() { "" } else { self.view.key() }));
        pairs.push(("size", if self.size == Size::default() { "" } else { self.size.key() }));
        pairs.push(("page", if self.page > 1 { &page } else { "" }));
        pairs.push(("open", self.open.as_deref().unwrap_or_default()));
        pairs.extend(self.folded.iter().map(|era| ("fold", era.as_str())));
        with_query("/", &pairs)
    }

    /// Whether nothing is asked for.
    pub(crate) fn is_landing(&self) -> bool {
        *self == Self::default()
    }

    /// Whether rows are fetched as they are scrolled to.
    pub(crate) fn is_endless(&self) -> bool {
        self.view == View::Table && self.size == Size::All
    }

    /// Returns how many results are on a page.
    pub(crate) fn per_page(&self) -> u32 {
        match self.view {
            View::Cards if self.is_landing() => NEWEST,
            View::Cards => PER_PAGE,
            View::Table => self.size.rows(),
            View::Timeline => MOST,
        }
    }

    /// Returns what to ask the service.
    pub(crate) fn request(&self) -> SearchRequest {
        let timeline = self.view == View::Timeline;
        SearchRequest {
            query: self.query.clone(),
            top_k: self.per_page(),
            page: if timeline || self.is_endless() { 1 } else { self.page },
            filters: self.filters.clone(),
            sort: if timeline { Some(Sort::Newest) } else { self.sort },
            literal: self.literal,
        }
    }

    /// Returns the question to the service.
    pub(crate) fn ask(&self) -> Ask {
        match self.view {
            View::Timeline => Ask::Timeline(self.request()),
            View::Cards | View::Table => Ask::Page(self.request()),
        }
    }

    /// Returns every chosen value with its facet.
    pub(crate) fn chosen(&self) -> impl Iterator<Item = (Facet, &str)> {
        chosen(&self.filters)
    }

    /// Returns the order that the results are in.
    pub(crate) fn effective_sort(&self) -> Sort {
        let usual = if self.query.is_empty() { Sort::Newest } else { Sort::Relevance };
        self.sort.unwrap_or(usual)
    }

    /// Returns the first page of the same, nothing open.
    fn first(&self) -> Self {
        Self { page: 1, open: None, ..self.clone() }
    }

    /// Returns the first page for another query, with the same filters.
    pub(crate) fn with_query(&self, query: &str) -> Self {
        Self { query: tidy(query), literal: false, ..self.first() }
    }

    /// Returns the first page for the words of the query alone.
    pub(crate) fn literally(&self) -> Self {
        Self { literal: true, ..self.first() }
    }

    /// Returns the first page with `value` added to a filter or taken from it.
    pub(crate) fn toggled(&self, facet: Facet, value: &str) -> Self {
        let mut next = self.first();
        toggle(facet.chosen_mut(&mut next.filters), value);
        next
    }

    /// Returns the first page without filters.
    pub(crate) fn unfiltered(&self) -> Self {
        Self { filters: Filters::default(), ..self.first() }
    }

    /// Returns the first page in another order.
    pub(crate) fn sorted(&self, sort: Sort) -> Self {
        Self { sort: (sort != Sort::Relevance).then_some(sort), ..self.first() }
    }

    /// Returns the first page in another form.
    pub(crate) fn viewed(&self, view: View) -> Self {
        Self { view, ..self.first() }
    }

    /// Returns the first page in another length.
    pub(crate) fn sized(&self, size: Size) -> Self {
        Self { size, ..self.first() }
    }

    /// Returns another page of the same.
    pub(crate) fn at_page(&self, page: u32) -> Self {
        Self { page, open: None, ..self.clone() }
    }

    /// Returns the same page with a story's detail open, or closed if it was.
    pub(crate) fn opened(&self, id: &str) -> Self {
        let open = (self.open.as_deref() != Some(id)).then(|| id.to_owned());
        Self { open, ..self.clone() }
    }

    /// Returns the same page with an era collapsed, or shown if it was.
    pub(crate) fn folded(&self, era: &str) -> Self {
        let mut next = self.clone();
        toggle(&mut next.folded, era);
        next
    }

    /// Returns all stories of an era that match, as a table.
    pub(crate) fn within(&self, era: &str) -> Self {
        let mut next = self.viewed(View::Table);
        next.filters.era = vec![era.to_owned()];
        next.folded.clear();
        next
    }
}

/// Returns every chosen value with its facet.
pub(crate) fn chosen(filters: &Filters) -> impl Iterator<Item = (Facet, &str)> {
    Facet::ALL.into_iter().flat_map(move |facet| {
        facet.chosen(filters).iter().map(move |value| (facet, value.as_str()))
    })
}

/// Returns the chosen values as people list them; empty when there are none.
pub(crate) fn listed(filters: &Filters) -> String {
    let mut text = String::new();
    for (_, value) in chosen(filters) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(value);
    }
    text
}

/// Takes `value` out of a list, or adds it.
fn toggle(values: &mut Vec<String>, value: &str) {
    match values.iter().position(|other| other == value) {
        Some(index) => drop(values.remove(index)),
        None => values.push(value.to_owned()),
    }
}

/// Returns a query as it is sent: what people type between words and at both ends does not matter.
pub(crate) fn tidy(query: &str) -> String {
    let cut: String = query.trim().chars().take(MAX_QUERY).collect();
    cut.trim_end().to_owned()
}

/// Returns the name of an order in the URL.
pub(crate) fn sort_key(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "relevance",
        Sort::Newest => "newest",
        Sort::Oldest => "oldest",
        Sort::Title => "title",
        Sort::Client => "client",
    }
}

/// Returns the order of a name; relevance is no choice.
pub(crate) fn sort_of(key: &str) -> Option<Sort> {
    [Sort::Newest, Sort::Oldest, Sort::Title, Sort::Client]
        .into_iter()
        .find(|sort| sort_key(*sort) == key)
}

#[cfg(test)]
mod tests {
    use mfe_search_api::{Filters, Sort};
    use shared_ui::Location;

    use super::{MAX_QUERY, MOST, NEWEST, PER_PAGE, SearchState, Size, View, tidy};
    use crate::facet::Facet;

    fn at(path: &str) -> SearchState {
        SearchState::from_location(&Location::parse(path))
    }

    #[test]
    fn every_state_survives_its_url() {
        let mut filters = Filters::default();
        for facet in Facet::ALL {
            *facet.chosen_mut(&mut filters) = vec!["AI & Data".into(), "naïve = 100%+|?#/".into()];
        }
        let sort = Some(Sort::Client);
        for state in [
            SearchState::default(),
            SearchState { query: "kafka \"exactly once\" & more".into(), ..Default::default() },
            SearchState {
                query: "q".into(),
                literal: true,
                filters,
                sort,
                view: View::Table,
                size: Size::All,
                page: 7,
                open: Some("a/b&c".into()),
                folded: vec!["Cloud & Turn".into(), "X".into()],
            },
            SearchState { view: View::Timeline, size: Size::Ten, ..Default::default() },
        ] {
            assert_eq!(at(&state.to_path()), state);
        }
    }

    #[test]
    fn the_landing_page_has_the_plain_path() {
        assert_eq!(SearchState::default().to_path(), "/");
        assert!(at("/?utm_source=letter").is_landing());
        assert!(!at("/?sort=newest").is_landing());
        assert_eq!(at("/").request().top_k, NEWEST);
        assert_eq!(at("/?page=2").request().top_k, PER_PAGE);
    }

    #[test]
    fn hostile_queries_survive_the_url() {
        for query in [
            "\"C++ & .NET\" #1? 50%",
            "<script>alert('x')</script>",
            "مرحبا بالعالم",
            "🚀 → naïve/½",
            "'; DROP TABLE stories; --",
            &"x\u{301}".repeat(MAX_QUERY / 2),
        ] {
            assert_eq!(at(&SearchState::default().with_query(query).to_path()).query, query);
        }
    }

    #[test]
    fn each_view_asks_for_what_it_shows() {
        let asked = |path| {
            let request = at(path).request();
            (request.top_k, request.page, request.sort)
        };
        assert_eq!(asked("/?q=a&view=table&page=3"), (20, 3, None));
        assert_eq!(asked("/?q=a&view=table&size=50&sort=title"), (50, 1, Some(Sort::Title)));
        assert_eq!(asked("/?q=a&view=table&size=all&page=3"), (MOST, 1, None));
        assert_eq!(asked("/?q=a&size=50&page=2"), (PER_PAGE, 2, None));
        assert_eq!(asked("/?view=timeline&sort=title&page=2"), (MOST, 1, Some(Sort::Newest)));
        assert!(at("/?q=a&literal=1").request().literal);
    }

    #[test]
    fn another_view_keeps_query_filters_and_sort() {
        let state = at("/?q=a&era=X&sort=title&page=3&open=b");
        let table = "/?q=a&era=X&sort=title&view=table";
        assert_eq!(state.viewed(View::Table).to_path(), table);
        assert_eq!(at(table).viewed(View::Cards).to_path(), "/?q=a&era=X&sort=title");
        assert_eq!(at(table).sized(Size::All).to_path(), [table, "&size=all"].concat());
        let timeline = at("/?q=a&era=X&era=Y&view=timeline&fold=Y&sort=title");
        assert_eq!(timeline.within("Z & Z").to_path(), "/?q=a&era=Z+%26+Z&sort=title&view=table");
    }

    #[test]
    fn details_and_eras_open_and_close() {
        let state = at("/?q=a&page=2");
        assert_eq!(state.opened("b").to_path(), "/?q=a&page=2&open=b");
        assert_eq!(state.opened("b").opened("c").to_path(), "/?q=a&page=2&open=c");
        assert_eq!(state.opened("b").opened("b"), state);
        assert_eq!(state.folded("E").to_path(), "/?q=a&page=2&fold=E");
        assert_eq!(state.folded("E").folded("E"), state);
    }

    #[test]
    fn nonsense_in_the_url_is_ignored() {
        let state = at(
            "/?q=++a++&page=0&sort=best&industry=&era=X&era=X&page=9&view=3d&size=7&literal=yes",
        );
        assert_eq!(state.to_path(), "/?q=a&era=X");
        assert_eq!(at("/?page=-3&sort=relevance"), SearchState::default());
        assert_eq!(tidy(&"é".repeat(MAX_QUERY + 1)).chars().count(), MAX_QUERY);
    }

    #[test]
    fn a_change_of_what_is_asked_begins_at_the_first_page() {
        let state = at("/?q=a&era=X&page=3");
        assert_eq!(state.toggled(Facet::Era, "Y").to_path(), "/?q=a&era=X&era=Y");
        assert_eq!(state.toggled(Facet::Era, "X").to_path(), "/?q=a");
        assert_eq!(state.with_query(" b ").to_path(), "/?q=b&era=X");
        assert_eq!(state.literally().to_path(), "/?q=a&literal=1&era=X");
        assert_eq!(state.literally().with_query("b").to_path(), "/?q=b&era=X");
        assert_eq!(state.unfiltered().to_path(), "/?q=a");
        assert_eq!(state.sorted(Sort::Title).to_path(), "/?q=a&era=X&sort=title");
        assert_eq!(state.sorted(Sort::Relevance).to_path(), "/?q=a&era=X");
        assert_eq!(state.at_page(4).to_path(), "/?q=a&era=X&page=4");
    }

    #[test]
    fn a_list_without_query_is_newest_first() {
        assert_eq!(at("/?era=X").effective_sort(), Sort::Newest);
        assert_eq!(at("/?q=x").effective_sort(), Sort::Relevance);
        assert_eq!(at("/?q=x&sort=oldest").effective_sort(), Sort::Oldest);
    }
}

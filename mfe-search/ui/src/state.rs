//! What the page shows, as its URL says it.

use mfe_search_api::{Filters, SearchRequest, Sort};
use shared_ui::{Location, with_query};

use crate::facet::Facet;

/// Results on a page.
pub(crate) const PER_PAGE: u32 = 12;
/// Stories on the landing page.
pub(crate) const NEWEST: u32 = 9;
/// Longest query, in characters; the service takes no more.
pub(crate) const MAX_QUERY: usize = 500;

/// All that the URL holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SearchState {
    /// Trimmed, at most [`MAX_QUERY`] characters.
    pub(crate) query: String,
    pub(crate) filters: Filters,
    /// Never `Relevance`, which is the absence of a choice.
    pub(crate) sort: Option<Sort>,
    /// From 1.
    pub(crate) page: u32,
}

impl Default for SearchState {
    fn default() -> Self {
        Self { query: String::new(), filters: Filters::default(), sort: None, page: 1 }
    }
}

impl SearchState {
    /// Reads a location; what makes no sense in it is ignored.
    pub(crate) fn from_location(location: &Location) -> Self {
        let mut filters = Filters::default();
        for facet in Facet::ALL {
            let chosen = facet.chosen_mut(&mut filters);
            for value in location.params(facet.key()) {
                if !value.is_empty() && !chosen.contains(&value) {
                    chosen.push(value);
                }
            }
        }
        Self {
            query: tidy(&location.param("q").unwrap_or_default()),
            filters,
            sort: location.param("sort").and_then(|key| sort_of(&key)),
            page: location.param("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1),
        }
    }

    /// Returns the path that [`Self::from_location`] reads back.
    pub(crate) fn to_path(&self) -> String {
        let mut pairs = vec![("q", self.query.clone())];
        pairs.extend(self.chosen().map(|(facet, value)| (facet.key(), value.to_owned())));
        pairs.push(("sort", self.sort.map(sort_key).unwrap_or_default().to_owned()));
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        pairs.push(("page", page));
        with_query("/", &pairs)
    }

    /// Whether nothing is asked for.
    pub(crate) fn is_landing(&self) -> bool {
        *self == Self::default()
    }

    /// Returns what to ask the service.
    pub(crate) fn request(&self) -> SearchRequest {
        SearchRequest {
            query: self.query.clone(),
            top_k: if self.is_landing() { NEWEST } else { PER_PAGE },
            page: self.page,
            filters: self.filters.clone(),
            sort: self.sort,
            literal: false,
        }
    }

    /// Returns every chosen value with its facet.
    pub(crate) fn chosen(&self) -> impl Iterator<Item = (Facet, &str)> {
        Facet::ALL.into_iter().flat_map(|facet| {
            facet.chosen(&self.filters).iter().map(move |value| (facet, value.as_str()))
        })
    }

    /// Returns the order that the results are in.
    pub(crate) fn effective_sort(&self) -> Sort {
        let usual = if self.query.is_empty() { Sort::Newest } else { Sort::Relevance };
        self.sort.unwrap_or(usual)
    }

    /// Returns the first page for another query, with the same filters.
    pub(crate) fn with_query(&self, query: &str) -> Self {
        Self { query: tidy(query), page: 1, ..self.clone() }
    }

    /// Returns the first page with `value` added to a filter or taken from it.
    pub(crate) fn toggled(&self, facet: Facet, value: &str) -> Self {
        let mut filters = self.filters.clone();
        let chosen = facet.chosen_mut(&mut filters);
        match chosen.iter().position(|other| other == value) {
            Some(index) => drop(chosen.remove(index)),
            None => chosen.push(value.to_owned()),
        }
        Self { filters, page: 1, ..self.clone() }
    }

    /// Returns the first page without filters.
    pub(crate) fn unfiltered(&self) -> Self {
        Self { filters: Filters::default(), page: 1, ..self.clone() }
    }

    /// Returns the first page in another order.
    pub(crate) fn sorted(&self, sort: Sort) -> Self {
        let sort = (sort != Sort::Relevance).then_some(sort);
        Self { sort, page: 1, ..self.clone() }
    }

    /// Returns another page of the same.
    pub(crate) fn at_page(&self, page: u32) -> Self {
        Self { page, ..self.clone() }
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

    use super::{MAX_QUERY, NEWEST, PER_PAGE, SearchState, tidy};
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
            SearchState { query: "q".into(), filters, sort, page: 7 },
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
    fn nonsense_in_the_url_is_ignored() {
        let state = at("/?q=++a++&page=0&sort=best&industry=&era=X&era=X&page=9");
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

//! Rows that are fetched as they are scrolled to.

use std::{cell::RefCell, ops::Range, rc::Rc};

use mfe_search_api::{Hit, SearchRequest};
use shared_ui::hooks::use_query;
use yew::prelude::*;

use crate::{
    client::{self, Ask},
    found::Found,
    state::MOST,
};

/// The pages of one list that were fetched.
#[derive(Debug, Default)]
struct Pages {
    of: Option<SearchRequest>,
    pages: Vec<(u32, Rc<Found>)>,
}

impl Pages {
    /// Keeps an answer; the pages of another list go.
    fn keep(&mut self, list: &SearchRequest, answer: &Rc<Found>) {
        if self.of.as_ref() != Some(list) {
            *self = Self { of: Some(list.clone()), pages: Vec::new() };
        }
        if let Ask::Page(request) | Ask::Rows(request) = &answer.ask
            && *list == (SearchRequest { page: list.page, ..request.clone() })
            && self.get(request.page).is_none()
        {
            self.pages.push((request.page, answer.clone()));
        }
    }

    fn get(&self, page: u32) -> Option<&Rc<Found>> {
        self.pages.iter().find(|(other, _)| *other == page).map(|(_, found)| found)
    }

    /// Returns the first page that `rows` need and that is not there.
    fn missing(&self, rows: &Range<usize>) -> Option<u32> {
        let last = page_of(rows.end.saturating_sub(1));
        (page_of(rows.start)..=last).find(|page| !rows.is_empty() && self.get(*page).is_none())
    }
}

/// The rows at hand.
#[derive(Clone, Debug)]
pub(crate) struct Rows(Rc<RefCell<Pages>>);

impl Rows {
    /// Returns a row, from 0, when it is there.
    pub(crate) fn get(&self, index: usize) -> Option<Rc<Hit>> {
        self.page(index)?.hits.get(index % MOST as usize).cloned()
    }

    /// Returns the answer that has a row.
    pub(crate) fn page(&self, index: usize) -> Option<Rc<Found>> {
        self.0.borrow().get(page_of(index)).cloned()
    }
}

fn page_of(index: usize) -> u32 {
    u32::try_from(index / MOST as usize).unwrap_or(u32::MAX - 1) + 1
}

/// Keeps the rows of a list, of which `first` is the first page, and fetches those of `wanted`.
#[hook]
pub(crate) fn use_rows(list: &SearchRequest, first: &Rc<Found>, wanted: Range<usize>) -> Rows {
    let pages = use_mut_ref(Pages::default);
    pages.borrow_mut().keep(list, first);
    let missing = pages.borrow().missing(&wanted);
    let ask =
        missing.map_or(Ask::Nothing, |page| Ask::Rows(SearchRequest { page, ..list.clone() }));
    let answer = use_query(ask, client::find);
    if let Some(answer) = answer.data.ready() {
        pages.borrow_mut().keep(list, answer);
    }
    Rows(pages)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_search_api::{Confidence, SearchRequest};

    use super::Pages;
    use crate::{
        client::Ask,
        found::{Found, tests::response},
    };

    #[test]
    fn pages_are_missing_until_they_come_and_go_with_their_list() {
        let list = SearchRequest { top_k: 100, ..SearchRequest::default() };
        let page = |page| {
            let ask = Ask::Page(SearchRequest { page, ..list.clone() });
            Rc::new(Found::new(&ask, response(10_000, Confidence::High)))
        };
        let mut pages = Pages::default();
        assert_eq!(pages.missing(&(0..0)), None);
        assert_eq!(pages.missing(&(0..40)), Some(1));
        pages.keep(&list, &page(1));
        assert_eq!(pages.missing(&(60..100)), None);
        assert_eq!(pages.missing(&(60..101)), Some(2));
        assert_eq!(pages.missing(&(9990..10_000)), Some(100));
        pages.keep(&list, &page(2));
        assert_eq!(pages.missing(&(60..101)), None);
        let other = SearchRequest { query: "a".to_owned(), ..list.clone() };
        pages.keep(&other, &page(1));
        assert_eq!(pages.missing(&(0..40)), Some(1), "an answer for another list");
    }
}

//! An answer of the service, in the form that components share.

use std::rc::Rc;

use mfe_search_api::{Confidence, Facets, Filters, Hit, SearchResponse, Suggestion};

use crate::{
    client::Ask,
    timeline::{self, Era},
};

/// What a question found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// What was asked.
    pub(crate) ask: Ask,
    /// This page; empty when nothing is worth showing.
    pub(crate) hits: Vec<Rc<Hit>>,
    /// Matches on all pages.
    pub(crate) total: u32,
    /// Matches without the filters.
    pub(crate) outside: u32,
    /// Read out of the query.
    pub(crate) understood: Filters,
    pub(crate) confidence: Confidence,
    pub(crate) facets: Rc<Facets>,
    /// For a timeline.
    pub(crate) eras: Vec<Era>,
    /// Meaning search is off.
    pub(crate) words_only: bool,
    /// For a typed beginning.
    pub(crate) suggestions: Vec<Suggestion>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            ask: Ask::Nothing,
            hits: Vec::new(),
            total: 0,
            outside: 0,
            understood: Filters::default(),
            confidence: Confidence::None,
            facets: Rc::default(),
            eras: Vec::new(),
            words_only: false,
            suggestions: Vec::new(),
        }
    }
}

impl Found {
    /// Takes an answer; results without confidence are left out.
    pub(crate) fn new(ask: &Ask, response: SearchResponse) -> Self {
        let worthless = response.confidence == Confidence::None;
        let results = if worthless { Vec::new() } else { response.results };
        let hits: Vec<_> = results.into_iter().map(Rc::new).collect();
        let eras = match ask {
            Ask::Timeline(request) if !worthless => {
                let only = [&*request.filters.era, &*response.understood.era].concat();
                timeline::eras(&response.facets.era, &only, &hits)
            }
            _ => Vec::new(),
        };
        Self {
            ask: ask.clone(),
            hits,
            total: if worthless { 0 } else { response.total },
            outside: response.outside,
            understood: response.understood,
            confidence: response.confidence,
            facets: Rc::new(response.facets),
            eras,
            ..Self::default()
        }
    }

    /// Returns it with its eras in order, and with the results that they show.
    pub(crate) fn ordered(mut self) -> Self {
        if !self.eras.is_empty() {
            timeline::newest_first(&mut self.eras);
            self.hits = self.eras.iter().flat_map(|era| era.hits.iter().cloned()).collect();
        }
        self
    }
}

#[cfg(test)]
pub(crate) mod tests {
    //! What the component tests show.

    use mfe_search_api::{Confidence, FacetCount, Facets, Filters, Highlight, Hit, SearchResponse};

    use super::Found;
    use crate::client::Ask;

    pub(crate) fn hit() -> Hit {
        Hit {
            id: "exit-the-mainframe".to_owned(),
            title: "Exiting the Mainframe".to_owned(),
            client: "Northbank".to_owned(),
            role: "Delivery Director".to_owned(),
            industry: "Financial Services".to_owned(),
            capability: "AI & Data".to_owned(),
            sub_category: String::new(),
            era: String::new(),
            theme: String::new(),
            start: "2017-03".to_owned(),
            end: Some("2018-10".to_owned()),
            summary: "I led an exit.".to_owned(),
            score: 1.0,
            highlights: Vec::new(),
        }
    }

    pub(crate) fn highlight(field: &str, html: &str) -> Highlight {
        Highlight { field: field.to_owned(), html: html.to_owned() }
    }

    pub(crate) fn counted(value: &str, count: u32) -> FacetCount {
        FacetCount { value: value.to_owned(), count }
    }

    pub(crate) fn response(total: u32, confidence: Confidence) -> SearchResponse {
        SearchResponse {
            results: vec![hit()],
            count: 1,
            total,
            outside: total,
            query: String::new(),
            understood: Filters::default(),
            confidence,
            facets: Facets {
                industry: vec![counted("Retail", 4), counted("Healthcare", 2)],
                client: vec![counted("Northbank", 3)],
                ..Facets::default()
            },
            cached: false,
            took_ms: 1.0,
        }
    }

    pub(crate) fn found(total: u32, confidence: Confidence) -> Found {
        Found::new(&Ask::Nothing, response(total, confidence))
    }

    #[test]
    fn results_without_confidence_are_not_shown() {
        assert_eq!(found(7, Confidence::Low).total, 7);
        let nothing = found(7, Confidence::None);
        assert_eq!((nothing.total, nothing.hits.len()), (0, 0));
    }
}

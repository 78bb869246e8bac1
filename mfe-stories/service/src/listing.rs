//! What a list is asked for: which stories, in which order, which page.
//!
//! Not here: SQL. The store turns a [`Listing`] into a query.

use contract::FieldError;
use mfe_stories_api::ListQuery;

const MAX_PER_PAGE: u32 = 100;

/// A property that stories are grouped and filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facet {
    /// For whom.
    Client,
    /// As what.
    Role,
    /// In which industry.
    Industry,
    /// What kind of work.
    Capability,
    /// The same, finer.
    SubCategory,
    /// The theme.
    Theme,
    /// Which stretch of the career.
    Era,
    /// The coarsest grouping.
    Category,
}

/// The order of a list. Equal ones follow by id, so that pages never overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Latest start first.
    #[default]
    Newest,
    /// Earliest start first.
    Oldest,
    /// By headline, letter case aside.
    Title,
}

/// A checked request for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    /// All must hold; in each, one of the values. Never an empty list of values.
    pub(crate) filters: Vec<(Facet, Vec<String>)>,
    /// The order.
    pub(crate) sort: Sort,
    /// From 1.
    pub(crate) page: u32,
    /// 1–100.
    pub(crate) per_page: u32,
}

impl Listing {
    /// Checks a query, reporting everything that is wrong with it.
    ///
    /// A filter that is present but empty (`?era=`, as forms send it) filters nothing.
    ///
    /// # Errors
    /// Numbers out of range, an order that does not exist.
    pub(crate) fn from_query(query: ListQuery) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, detail: &str| {
            errors.push(FieldError { field: field.to_owned(), detail: detail.to_owned() });
        };
        let sort = match query.sort.as_deref() {
            None | Some("newest") => Sort::Newest,
            Some("oldest") => Sort::Oldest,
            Some("title") => Sort::Title,
            Some(_) => {
                wrong("sort", "must be `newest`, `oldest` or `title`");
                Sort::default()
            }
        };
        let page = query.page.unwrap_or(1);
        if page == 0 {
            wrong("page", "pages are counted from 1");
        }
        let per_page = query.per_page.unwrap_or(20);
        if !(1..=MAX_PER_PAGE).contains(&per_page) {
            wrong("per_page", "must be from 1 to 100");
        }
        let mut filters = Vec::new();
        for (name, facet, values) in [
            ("client", Facet::Client, query.client),
            ("role", Facet::Role, query.role),
            ("industry", Facet::Industry, query.industry),
            ("capability", Facet::Capability, query.capability),
            ("sub_category", Facet::SubCategory, query.sub_category),
            ("theme", Facet::Theme, query.theme),
            ("era", Facet::Era, query.era),
            ("category", Facet::Category, query.category),
        ] {
            let values = values.unwrap_or_default();
            // No story has such a value, and what sends one does not mean it.
            if values.chars().any(char::is_control) {
                wrong(name, "must have no control characters");
            }
            let values = alternatives(&values);
            if !values.is_empty() {
                filters.push((facet, values));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self { filters, sort, page, per_page })
    }
}

fn alternatives(values: &str) -> Vec<String> {
    values.split('|').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{Facet, ListQuery, Listing, Sort};

    #[test]
    fn nothing_asked_is_the_first_twenty_newest() {
        let listing = Listing::from_query(ListQuery::default()).unwrap();
        let expected = Listing { filters: vec![], sort: Sort::Newest, page: 1, per_page: 20 };
        assert_eq!(listing, expected);
    }

    #[test]
    fn values_are_split_trimmed_and_empty_ones_dropped() {
        let query = ListQuery {
            industry: Some("Retail| Healthcare ||".into()),
            era: Some(String::new()),
            theme: Some("|".into()),
            ..ListQuery::default()
        };
        let filters = Listing::from_query(query).unwrap().filters;
        assert_eq!(filters, [(Facet::Industry, vec!["Retail".into(), "Healthcare".into()])]);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let query = ListQuery {
            sort: Some("best".into()),
            page: Some(0),
            per_page: Some(101),
            era: Some("Cloud\0Turn".into()),
            ..ListQuery::default()
        };
        let fields: Vec<_> =
            Listing::from_query(query).unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["sort", "page", "per_page", "era"]);
    }
}

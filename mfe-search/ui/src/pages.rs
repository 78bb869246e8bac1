//! The pages, one a route.

mod search_page;

pub(crate) use search_page::use_search_page;

//! What a page shows, from the service.

use contract::Problem;
use mfe_industries_api::{Categories, Industries};
use shared_ui::{
    client::get_json,
    hooks::{Query, use_query},
    kit::Host,
};
use web_sys::AbortSignal;
use yew::prelude::*;

use crate::page::Page;

/// The data of a page. One type for all pages, so that what stands around a query is in the bundle once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    /// Of the index, and of a page that is not found.
    All(Industries),
    /// Of an industry or of a capability in it.
    One(Box<Categories>),
}

/// Fetches what `page` shows; status 404 when the service does not know it.
#[hook]
pub(crate) fn use_data(page: &Page) -> Query<Data> {
    use_query(page.clone(), fetch)
}

async fn fetch(host: Host, page: Page, signal: Option<AbortSignal>) -> Result<Data, Problem> {
    let path = page.api();
    match page {
        Page::Index | Page::NotFound => {
            get_json(&host, &path, signal.as_ref()).await.map(Data::All)
        }
        Page::Industry(_) | Page::Capability(..) => {
            get_json(&host, &path, signal.as_ref()).await.map(|one| Data::One(Box::new(one)))
        }
    }
}

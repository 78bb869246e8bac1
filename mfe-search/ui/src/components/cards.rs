//! Results as a grid.

use std::rc::Rc;

use mfe_search_api::Hit;
use yew::prelude::*;

use super::{detail::detail, pager::pager, result_card::result_card};
use crate::{found::Found, tag::tag, ui::Ui};

/// The cards of a page; the open one's detail follows it and takes the row below.
pub(super) fn cards(ui: &Ui, found: &Found) -> Html {
    let entry = |hit: &Rc<Hit>| {
        let open = ui.state.open.as_ref() == Some(&hit.id);
        let card = result_card(ui, hit, Some(open));
        std::iter::once(card).chain(open.then(|| detail(ui, hit)))
    };
    let grid = tag("ul", "search-grid").all(found.hits.iter().flat_map(entry));
    tag("div", "").add(grid.end()).maybe(pager(ui, found.total)).end()
}

/// Cards that are on their way, hidden from assistive technology: the region around is `aria-busy`.
pub(super) fn coming(count: u32) -> Html {
    let bars = ["skeleton skeleton--chip", "skeleton skeleton--title", "skeleton skeleton--text"];
    let card = |_| {
        let card = tag("li", "search-card is-coming").set("aria-hidden", "true");
        card.all(bars.map(|bar| tag("div", bar).end())).end()
    };
    tag("ul", "search-grid").all((0..count).map(card)).end()
}

#[cfg(test)]
mod tests {
    use mfe_search_api::Confidence;

    use super::cards;
    use crate::{
        found::tests::found,
        ui::tests::{at, render},
    };

    #[tokio::test(flavor = "current_thread")]
    async fn the_open_card_is_followed_by_its_detail() {
        let found = found(30, Confidence::High);
        let closed = render(cards(&at("/?q=a"), &found)).await;
        assert!(closed.contains("aria-expanded=\"false\""), "{closed}");
        assert!(!closed.contains("Read the story"), "{closed}");
        assert!(closed.contains("href=\"/?q=a&amp;page=2\""), "{closed}");
        let open = render(cards(&at("/?q=a&open=exit-the-mainframe"), &found)).await;
        for part in ["aria-expanded=\"true\"", "Read the story", "id=\"search-detail\""] {
            assert!(open.contains(part), "{part} in {open}");
        }
    }
}

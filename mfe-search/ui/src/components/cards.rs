//! Results as a grid.

use std::rc::Rc;

use mfe_search_api::Hit;
use shared_ui::components::{Skeleton, SkeletonShape};
use yew::prelude::*;

use super::{detail::detail, pager::pager, result_card::result_card};
use crate::{found::Found, ui::Ui};

/// The cards of a page; the open one's detail follows it and takes the row below.
pub(super) fn cards(ui: &Ui, found: &Found) -> Html {
    let entry = |hit: &Rc<Hit>| {
        let open = ui.state.open.as_ref() == Some(&hit.id);
        let card = result_card(ui, hit, Some(open));
        std::iter::once(card).chain(open.then(|| detail(ui, hit)))
    };
    html! {
        <>
            <ul class="search-grid">{ for found.hits.iter().flat_map(entry) }</ul>
            { pager(ui, found.total) }
        </>
    }
}

/// Cards that are on their way, hidden from assistive technology: the region around is `aria-busy`.
pub(super) fn coming(count: u32) -> Html {
    let card = |_| {
        html! {
            <li class="search-card is-coming" aria-hidden="true">
                <Skeleton shape={SkeletonShape::Chip} />
                <Skeleton shape={SkeletonShape::Title} />
                <Skeleton shape={SkeletonShape::Text} />
            </li>
        }
    };
    html! { <ul class="search-grid">{ for (0..count).map(card) }</ul> }
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

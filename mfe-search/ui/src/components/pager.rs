//! From page to page.

use shared_ui::components::{IconName, icon};
use yew::prelude::*;

use crate::{tag::tag, ui::Ui};

/// A navigation landmark with links to the pages beside this one; nothing when there is only one.
/// `total` counts the matches on all pages.
pub(super) fn pager(ui: &Ui, total: u32) -> Option<Html> {
    let (page, pages) = (ui.state.page, total.div_ceil(ui.state.per_page()));
    if pages <= 1 {
        return None;
    }
    let to = |class, page| ui.link(class, &ui.state.at_page(page).to_path());
    let previous = (page > 1).then(|| {
        let link = to("button search-pager__previous", page - 1);
        link.add(icon(IconName::ArrowLeft)).text("Previous").end()
    });
    let next = (page < pages).then(|| {
        let link = to("button search-pager__next", page + 1);
        link.text("Next").add(icon(IconName::ArrowRight)).end()
    });
    let here = ["Page ", &page.to_string(), " of ", &pages.to_string()].concat();
    let nav = tag("nav", "search-pager")
        .set("aria-label", "Pages of results")
        .maybe(previous)
        .with_text("p", "search-pager__here", &here)
        .maybe(next);
    Some(nav.end())
}

#[cfg(test)]
mod tests {
    use super::pager;
    use crate::ui::tests::{at, render};

    #[tokio::test(flavor = "current_thread")]
    async fn pages_are_links_that_keep_the_rest_of_the_state() {
        let pages = |path, total| render(pager(&at(path), total).unwrap_or_default());
        assert_eq!(pages("/?q=a", 12).await, "");
        let first = pages("/?q=a", 25).await;
        assert!(first.contains("href=\"/?q=a&amp;page=2\""), "{first}");
        assert!(!first.contains("Previous"), "{first}");
        let last = pages("/?q=a&page=3", 25).await;
        assert!(last.contains("Page 3 of 3"), "{last}");
        assert!(!last.contains("Next"), "{last}");
        let second = pages("/?q=a&page=2", 25).await;
        assert!(second.contains("href=\"/?q=a\""), "{second}");
        let table = pages("/?q=a&view=table&size=10&page=2", 25).await;
        assert!(table.contains("Page 2 of 3"), "{table}");
    }
}

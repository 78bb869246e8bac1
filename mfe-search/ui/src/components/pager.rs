//! From page to page.

use shared_ui::components::{Icon, IconName};
use yew::prelude::*;

use crate::ui::Ui;

/// A navigation landmark with links to the pages beside this one; nothing when there is only one.
/// `total` counts the matches on all pages.
pub(super) fn pager(ui: &Ui, total: u32) -> Html {
    let (page, pages) = (ui.state.page, total.div_ceil(ui.state.per_page()));
    if pages <= 1 {
        return Html::default();
    }
    let to = |class, page, content| ui.link(class, &ui.state.at_page(page).to_path(), content);
    html! {
        <nav class="search-pager" aria-label="Pages of results">
            if page > 1 {
                { to("button search-pager__previous", page - 1, html! {
                    <><Icon name={IconName::ArrowLeft} />{ "Previous" }</>
                }) }
            }
            <p class="search-pager__here">{ "Page " }{ page }{ " of " }{ pages }</p>
            if page < pages {
                { to("button search-pager__next", page + 1, html! {
                    <>{ "Next" }<Icon name={IconName::ArrowRight} /></>
                }) }
            }
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::pager;
    use crate::ui::tests::{at, render};

    #[tokio::test(flavor = "current_thread")]
    async fn pages_are_links_that_keep_the_rest_of_the_state() {
        let pages = |path, total| render(pager(&at(path), total));
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

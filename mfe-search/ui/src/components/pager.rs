//! From page to page.

use std::rc::Rc;

use shared_ui::components::{Icon, IconName, Link};
use yew::prelude::*;

use crate::state::{PER_PAGE, SearchState};

/// Props of [`Pager`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct PagerProps {
    pub(crate) state: Rc<SearchState>,
    /// Matches on all pages.
    pub(crate) total: u32,
}

/// A navigation landmark with links to the pages beside this one; nothing when there is only one.
#[component]
pub(crate) fn Pager(props: &PagerProps) -> Html {
    let PagerProps { state, total } = props;
    let (page, pages) = (state.page, total.div_ceil(PER_PAGE));
    if pages <= 1 {
        return Html::default();
    }
    html! {
        <nav class="search-pager" aria-label="Pages of results">
            if page > 1 {
                <Link class="button search-pager__previous" to={state.at_page(page - 1).to_path()}>
                    <Icon name={IconName::ArrowLeft} />{ "Previous" }
                </Link>
            }
            <p class="search-pager__here">{ "Page " }{ page }{ " of " }{ pages }</p>
            if page < pages {
                <Link class="button search-pager__next" to={state.at_page(page + 1).to_path()}>
                    { "Next" }<Icon name={IconName::ArrowRight} />
                </Link>
            }
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_ui::Location;

    use super::{Pager, PagerProps};
    use crate::state::SearchState;

    async fn render(path: &str, total: u32) -> String {
        let state = Rc::new(SearchState::from_location(&Location::parse(path)));
        let props = PagerProps { state, total };
        yew::LocalServerRenderer::<Pager>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn pages_are_links_that_keep_the_rest_of_the_state() {
        assert_eq!(render("/?q=a", 12).await, "");
        let first = render("/?q=a", 25).await;
        assert!(first.contains("href=\"/?q=a&amp;page=2\""), "{first}");
        assert!(!first.contains("Previous"), "{first}");
        let last = render("/?q=a&page=3", 25).await;
        assert!(last.contains("Page 3 of 3"), "{last}");
        assert!(!last.contains("Next"), "{last}");
        let second = render("/?q=a&page=2", 25).await;
        assert!(second.contains("href=\"/?q=a\""), "{second}");
    }
}

//! The page's frame. Each part is a function from what it shows to markup. As components of their own they
//! would be 7 KB (brotli) more: Yew's machinery is compiled once for each, and a frame is small enough to be
//! rendered as a whole.

mod fallback_card;
mod footer;
mod header;
mod live_region;
mod nav;
mod not_found;
mod override_banner;
mod skeleton;
mod skip_link;
mod theme_toggle;
pub(crate) mod trouble;

pub(crate) use fallback_card::fallback_card;
pub(crate) use footer::footer;
pub(crate) use header::header;
pub(crate) use live_region::live_region;
pub(crate) use not_found::not_found;
pub(crate) use override_banner::{Notice, override_banner};
pub(crate) use skeleton::skeleton;
pub(crate) use skip_link::skip_link;

#[cfg(test)]
mod markup {
    //! Renders markup as the server would.

    use yew::prelude::*;

    #[derive(PartialEq, Properties)]
    struct PartProps {
        part: Html,
    }

    #[component]
    fn Part(props: &PartProps) -> Html {
        props.part.clone()
    }

    /// Returns the HTML of a part of the page.
    pub(super) async fn of(part: Html) -> String {
        let props = PartProps { part };
        yew::LocalServerRenderer::<Part>::with_props(props).hydratable(false).render().await
    }
}

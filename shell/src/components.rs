//! The page's frame. Every component is a function of its properties.

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

pub(crate) use fallback_card::FallbackCard;
pub(crate) use footer::Footer;
pub(crate) use header::Header;
pub(crate) use live_region::LiveRegion;
pub(crate) use not_found::NotFound;
pub(crate) use override_banner::{Notice, OverrideBanner};
pub(crate) use skeleton::Skeleton;
pub(crate) use skip_link::SkipLink;

#[cfg(test)]
mod markup {
    //! Renders a component as the server would.

    use yew::{BaseComponent, LocalServerRenderer};

    /// Returns a component's HTML.
    pub(super) async fn of<C: BaseComponent>(props: C::Properties) -> String {
        LocalServerRenderer::<C>::with_props(props).hydratable(false).render().await
    }
}

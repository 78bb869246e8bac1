//! Results that are on their way.

use shared_ui::components::{Skeleton, SkeletonShape};
use yew::prelude::*;

/// Props of [`CardSkeletons`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct CardSkeletonsProps {
    pub(crate) count: u32,
}

/// List items of a card's size, hidden from assistive technology: the region around is `aria-busy`.
#[component]
pub(crate) fn CardSkeletons(props: &CardSkeletonsProps) -> Html {
    let card = |_| {
        html! {
            <li class="search-card is-coming" aria-hidden="true">
                <Skeleton shape={SkeletonShape::Chip} />
                <Skeleton shape={SkeletonShape::Title} />
                <Skeleton shape={SkeletonShape::Text} />
            </li>
        }
    };
    (0..props.count).map(card).collect()
}

//! A story that is on its way.

use shared_ui::components::{Skeleton, SkeletonShape};
use yew::prelude::*;

use super::BackLink;

/// The shape of the page, busy.
#[component]
pub(crate) fn StorySkeleton() -> Html {
    html! {
        <div class="page stories-page stories-skeleton" aria-busy="true">
            <h1 class="visually-hidden">{ "Story" }</h1>
            <BackLink />
            <Skeleton shape={SkeletonShape::Chip} />
            <Skeleton shape={SkeletonShape::Title} />
            <Skeleton shape={SkeletonShape::Chip} count=2 />
            <div class="stories-skeleton__figures"><Skeleton shape={SkeletonShape::Card} count=3 /></div>
            <Skeleton shape={SkeletonShape::Text} count=4 />
        </div>
    }
}

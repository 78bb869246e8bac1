//! The shape of what is coming.

use yew::prelude::*;

/// What a skeleton stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkeletonShape {
    /// A heading.
    Title,
    /// A paragraph of three lines.
    Text,
    /// A card in a list.
    Card,
    /// A small label.
    Chip,
}

/// Props of [`Skeleton`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub struct SkeletonProps {
    /// What it stands for.
    pub shape: SkeletonShape,
    /// How many.
    #[prop_or(1)]
    pub count: u8,
}

/// Calm placeholders, hidden from assistive technology: the region around them is `aria-busy`.
#[component]
pub fn Skeleton(props: &SkeletonProps) -> Html {
    let class = match props.shape {
        SkeletonShape::Title => "skeleton skeleton--title",
        SkeletonShape::Text => "skeleton skeleton--text",
        SkeletonShape::Card => "skeleton skeleton--card",
        SkeletonShape::Chip => "skeleton skeleton--chip",
    };
    (0..props.count).map(|_| html! { <div {class} aria-hidden="true"></div> }).collect()
}

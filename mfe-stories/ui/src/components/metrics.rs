//! The numbers to remember.

use std::rc::Rc;

use mfe_stories_api::{Metric, Story};
use yew::prelude::*;

/// Props of [`Metrics`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct MetricsProps {
    pub(crate) story: Rc<Story>,
}

/// A list of big figures with small labels; nothing without figures.
#[component]
pub(crate) fn Metrics(props: &MetricsProps) -> Html {
    let metrics = &props.story.metrics;
    if metrics.is_empty() {
        return Html::default();
    }
    let figure = |Metric { value, label }: &Metric| {
        html! {
            <li class="stories-metrics__figure">
                <strong class="stories-metrics__value">{ value }</strong>
                { " " }
                <span class="stories-metrics__label">{ label }</span>
            </li>
        }
    };
    html! {
        <ul class="stories-metrics" aria-label="Key figures">{ for metrics.iter().map(figure) }</ul>
    }
}

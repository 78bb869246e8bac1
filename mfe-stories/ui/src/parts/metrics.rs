//! The numbers to remember, drawn.

use mfe_stories_api::Metric;
use shared_ui::tag::tag;
use yew::prelude::*;

use crate::metric::Kind;

/// A list of figures with labels; nothing without figures. The bars show what the text says, and are hidden from
/// assistive technology.
pub(super) fn metrics(metrics: &[Metric]) -> Option<Html> {
    let list = tag("ul", "stories-metrics").set("aria-label", "Key figures");
    (!metrics.is_empty()).then(|| list.all(metrics.iter().map(figure)).end())
}

fn figure(metric: &Metric) -> Html {
    let drawn = match Kind::of(metric) {
        Kind::Figure => None,
        Kind::Share(part) => {
            Some(bars(&[("stories-bar__track", 100, 0), ("stories-bar__fill", part, 0)]))
        }
        Kind::Change { before, after } => {
            Some(bars(&[("stories-bar__before", before, 0), ("stories-bar__fill", after, 1)]))
        }
    };
    tag("li", "stories-metrics__figure")
        .with_text("strong", "stories-metrics__value", &metric.value)
        .text(" ")
        .with_text("span", "stories-metrics__label", &metric.label)
        .maybe(drawn)
        .end()
}

/// Bars of a class, a length in percent and a row. An SVG, because the site's policy lets no element have a
/// style of its own.
fn bars(bars: &[(&'static str, u8, u8)]) -> Html {
    let bar = |(class, length, row): &(&'static str, u8, u8)| {
        tag("rect", class)
            .with("width", &u32::from(*length).to_string())
            .set("height", "6")
            .set("y", if *row == 0 { "0" } else { "9" })
            .end()
    };
    let two = bars.iter().any(|(_, _, row)| *row > 0);
    tag("svg", if two { "stories-bar is-two" } else { "stories-bar" })
        .set("viewBox", if two { "0 0 100 15" } else { "0 0 100 6" })
        .set("preserveAspectRatio", "none")
        .set("aria-hidden", "true")
        .all(bars.iter().map(bar))
        .end()
}

#[cfg(test)]
mod tests {
    use mfe_stories_api::Metric;

    use super::metrics;
    use crate::parts::tests::render;

    async fn one(value: &str, label: &str) -> String {
        let metric = Metric { value: value.to_owned(), label: label.to_owned() };
        render(metrics(&[metric]).unwrap()).await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_number_is_drawn_by_its_kind_and_always_told() {
        let change = one("$3.6M", "run cost, from $9.8M").await;
        assert!(change.contains(">$3.6M</strong> <span"), "{change}");
        assert!(change.contains("run cost, from $9.8M"), "{change}");
        assert!(change.contains("stories-bar__before\" width=\"100\""), "{change}");
        assert!(change.contains("stories-bar__fill\" width=\"37\""), "{change}");
        let share = one("63%", "of the good weeks").await;
        assert!(share.contains("stories-bar__fill\" width=\"63\""), "{share}");
        assert!(!share.contains("__before"), "{share}");
        assert!(!one("19 months", "from start to end").await.contains("svg"));
        assert!(metrics(&[]).is_none());
    }
}

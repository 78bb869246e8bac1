//! A conversation that is not there.

use shared_ui::{kit::Host, tag::tag};
use yew::Html;

/// Says why that may be, and leads on.
pub(crate) fn missing(host: &Host) -> Html {
    let new = tag("a", "button button--primary").with("href", &host.href("/ask"));
    tag("div", "ask-missing")
        .with_text("h1", "", "This conversation is not here")
        .with_text(
            "p",
            "soft",
            "It was deleted, has ended long ago, or belongs to somebody else who does not share it with you.",
        )
        .add(new.text("Start a new one").end())
        .end()
}

//! What stands in the composer's place under somebody else's conversation.

use shared_ui::{kit::Host, tag::tag};
use yew::Html;

/// Says whose it is, and leads to one's own. What else could change the conversation is hidden by `ask.css`.
pub(crate) fn reading(host: &Host) -> Html {
    tag("p", "ask-reading soft")
        .text("Somebody in your organisation shares this conversation with you, to read. ")
        .add(tag("a", "").with("href", &host.href("/ask")).text("Ask your own question").end())
        .end()
}

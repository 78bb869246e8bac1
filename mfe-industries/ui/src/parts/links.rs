//! Links, to pages of this remote and into search.

use shared_ui::{components::Link, with_query};
use yew::prelude::*;

/// Draws a link. In one place, because every mention of the component costs the bundle as much again.
pub(crate) fn link(to: String, class: &'static str, content: Html) -> Html {
    let class = (!class.is_empty()).then_some(class);
    html! { <Link {to} class={classes!(class)}>{ content }</Link> }
}

/// Returns the search of an industry, a capability and a client; an empty one does not narrow.
pub(crate) fn search(industry: &str, capability: &str, client: &str) -> String {
    with_query("/", &[("industry", industry), ("capability", capability), ("client", client)])
}

#[cfg(test)]
mod tests {
    use super::search;

    #[test]
    fn names_survive_the_address() {
        for (found, expected) in [
            (search("Retail", "", ""), "/?industry=Retail"),
            (
                search("Transportation & Logistics", "", "A"),
                "/?industry=Transportation+%26+Logistics&client=A",
            ),
            (search("I/O", "AI & Data", ""), "/?industry=I%2FO&capability=AI+%26+Data"),
        ] {
            assert_eq!(found, expected);
        }
    }
}

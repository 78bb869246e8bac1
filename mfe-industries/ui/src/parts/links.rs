//! Links, to pages of this remote and into search.

use shared_ui::{kit::Host, with_query};
use yew::prelude::*;

/// Draws a link to a path of the site: the markup of `shared_ui`'s `Link`, without the component around
/// it, of which a timeline would need a hundred.
pub(crate) fn link(host: &Host, to: &str, content: Html) -> Html {
    html! { <a href={host.href(to)}>{ content }</a> }
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

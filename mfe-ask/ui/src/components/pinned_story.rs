//! The story that questions are about.

use shared_ui::{
    components::{IconName, icon},
    tag::tag,
};
use yew::prelude::*;

/// A chip with the story's name and a button that removes it. The name is made of the id until an answer has
/// told the title: ask knows no stories of its own.
pub(crate) fn pinned_story(id: &str, title: Option<&str>, on_remove: Callback<MouseEvent>) -> Html {
    let name = title.map_or_else(|| readable(id), str::to_owned);
    let remove = tag("button", "")
        .set("type", "button")
        .with("aria-label", &["Stop asking about ", &name].concat())
        .click(on_remove)
        .add(icon(IconName::Close));
    tag("p", "ask-pin chip is-active")
        .with_text("span", "", &["About: ", &name].concat())
        .add(remove.end())
        .end()
}

/// Returns `Berths by noon` for `berths-by-noon`.
fn readable(id: &str) -> String {
    let first = id.chars().take(1).map(|first| first.to_ascii_uppercase());
    let rest = id.chars().skip(1).map(|one| if one == '-' { ' ' } else { one });
    first.chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use shared_ui::testing::render;
    use yew::Callback;

    use super::{pinned_story, readable};

    #[tokio::test(flavor = "current_thread")]
    async fn the_id_stands_in_for_a_title_that_is_not_known_yet() {
        let html = render(pinned_story("berths-by-noon", None, Callback::noop())).await;
        assert!(html.contains("About: Berths by noon"), "{html}");
        assert!(html.contains("aria-label=\"Stop asking about Berths by noon\""), "{html}");
        let html = render(pinned_story("x", Some("Berths by Noon"), Callback::noop())).await;
        assert!(html.contains("About: Berths by Noon"), "{html}");
    }

    #[test]
    fn any_id_can_be_made_readable() {
        assert_eq!([readable(""), readable("écluse-x")], ["", "écluse x"]);
    }
}

//! Why a question is not answered.

use mfe_ask_api::{Refusal, RefusalKind};
use shared_ui::{
    components::{IconName, icon},
    tag::tag,
};
use yew::Html;

use super::{
    glyph::{COMPASS, LOCK, SHIELD, UNCLEAR, glyph},
    questions::questions,
};
use crate::ways::Ways;

/// A calm note of its kind, with questions that do have an answer.
pub(super) fn refused(ways: &Ways, refusal: &Refusal) -> Html {
    let (class, drawn, title) = match refusal.kind {
        RefusalKind::Nonsense => {
            ("ask-refusal", glyph(UNCLEAR), "That could not be read as a question")
        }
        RefusalKind::OutOfScope => {
            ("ask-refusal is-elsewhere", glyph(COMPASS), "That is outside of this career")
        }
        RefusalKind::Personal => ("ask-refusal is-private", glyph(LOCK), "That is private"),
        RefusalKind::Injection => {
            ("ask-refusal is-private", glyph(SHIELD), "Only questions are answered here")
        }
        RefusalKind::LowConfidence => (
            "ask-refusal is-elsewhere",
            icon(IconName::Search),
            "No story answers that well enough",
        ),
    };
    let suggestions = &refusal.suggestions;
    let ways_on = (!suggestions.is_empty()).then(|| {
        tag("div", "ask-refusal__ways")
            .with_text("p", "soft", "These have an answer:")
            .add(questions("Questions that have an answer", suggestions, ways))
            .end()
    });
    let about = tag("div", "ask-refusal__why").add(drawn).with_text("h3", "", title).with_text(
        "p",
        "",
        &refusal.message,
    );
    tag("div", class).add(about.end()).maybe(ways_on).end()
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::{Refusal, RefusalKind};

    use super::refused;
    use crate::components::tests::{render, ways};

    #[tokio::test(flavor = "current_thread")]
    async fn each_kind_has_its_own_title_and_no_alarm() {
        let mut titles = Vec::new();
        for kind in [
            RefusalKind::Nonsense,
            RefusalKind::OutOfScope,
            RefusalKind::Personal,
            RefusalKind::Injection,
            RefusalKind::LowConfidence,
        ] {
            let suggestions = vec!["How?".to_owned()];
            let message = "Nothing answers that.".to_owned();
            let html = render(refused(&ways(), &Refusal { kind, message, suggestions })).await;
            assert!(html.contains("<p>Nothing answers that.</p>"), "{html}");
            assert!(html.contains("<span>How?</span>") && !html.contains("role="), "{html}");
            let title = html.split_once("<h3>").unwrap().1.split_once("</h3>").unwrap().0;
            titles.push(title.to_owned());
        }
        titles.dedup();
        assert_eq!(titles.len(), 5, "{titles:?}");
    }
}

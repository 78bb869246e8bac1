//! What the page says when something is wrong: what, why, and what to do. Pure.

use yew::AttrValue;

use crate::slot::Phase;

/// Returns heading and text for a manifest that cannot be read.
pub(crate) fn unreadable() -> (AttrValue, AttrValue) {
    (
        "The site's manifest cannot be read".into(),
        "It says which parts the site is made of, and without it there is nothing to show. The \
         server may be restarting, or you may be offline. Try again in a moment."
            .into(),
    )
}

/// Returns heading and text for a remote that failed; `title` is its route's.
pub(crate) fn remote(title: &str, phase: Phase) -> (AttrValue, AttrValue) {
    let (what, why) = match phase {
        Phase::Load => (
            " could not be loaded",
            "One of its files is missing, is not the one that was released, or did not come in \
             time. Try again; if that does not help, come back in a few minutes.",
        ),
        Phase::Bootstrap | Phase::Mount | Phase::Unmount => (
            " could not be started",
            "Its files are here, but it failed while starting. Try again; if that does not help, \
             come back in a few minutes.",
        ),
        Phase::Run => (
            " has stopped working",
            "It ran into an error of its own and was taken off the page. Try again to start it \
             afresh.",
        ),
    };
    let body = [why, " The rest of the site goes on working."].concat();
    ([title, what].concat().into(), body.into())
}

/// Returns heading and text for a remote of which nothing was run; `title` is its route's.
pub(crate) fn refused(title: &str) -> (AttrValue, AttrValue) {
    (
        [title, " was refused"].concat().into(),
        "What came is not what its team signed, or it is made for another version of this page, so \
         none of it was run. It works again as soon as a good version is released. The rest of the \
         site goes on working."
            .into(),
    )
}

/// Returns the technical reason of a failure, for the card's details.
pub(crate) fn reason(who: &str, phase: Phase, message: &str, times: u32) -> AttrValue {
    let times = times.to_string();
    let parts = [who, ", ", phase.name(), ": ", message, " (failures in this tab: ", &times, ")"];
    parts.concat().into()
}

#[cfg(test)]
mod tests {
    use super::{reason, remote};
    use crate::slot::Phase;

    #[test]
    fn a_failure_names_the_remote_and_what_happened_to_it() {
        for (phase, heading) in [
            (Phase::Load, "Work could not be loaded"),
            (Phase::Mount, "Work could not be started"),
            (Phase::Run, "Work has stopped working"),
        ] {
            assert_eq!(remote("Work", phase).0, heading);
        }
    }

    #[test]
    fn the_technical_reason_names_version_phase_and_count() {
        let expected = "a@1.0.0, load: 404 (failures in this tab: 2)";
        assert_eq!(reason("a@1.0.0", Phase::Load, "404", 2), expected);
    }
}

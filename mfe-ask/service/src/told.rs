//! The texts of a story.

use std::borrow::Cow;

use crate::story::Story;

/// Returns what may be quoted: title, summary, and what is told at length.
pub(crate) fn quotable(story: &Story) -> impl Iterator<Item = &str> {
    [&story.title, &story.summary]
        .into_iter()
        .chain(&story.situation)
        .chain(&story.task)
        .chain(&story.action)
        .chain(&story.result)
        .chain(&story.performance)
        .map(String::as_str)
}

/// Returns all that the story states, short fields too. Interview questions state nothing.
pub(crate) fn stated(story: &Story) -> Vec<Cow<'_, str>> {
    let metrics = story.metrics.iter().map(|m| Cow::Owned([&*m.value, " ", &*m.label].concat()));
    let one = [
        &story.client,
        &story.employer,
        &story.role,
        &story.project,
        &story.industry,
        &story.capability,
        &story.sub_category,
        &story.theme,
        &story.era,
        &story.person,
        &story.place,
        &story.purpose,
    ];
    let many = [&story.process, &story.competencies, &story.use_cases, &story.tags];
    let short = one.into_iter().chain(many.into_iter().flatten()).map(String::as_str);
    quotable(story).chain(short).map(Cow::Borrowed).chain(metrics).collect()
}

//! What of a story gets a vector.
//!
//! One vector for a whole story says little of anything in it, so a story is cut into passages of a few
//! sentences; beside them stand some that tell what the story is about as a whole. Which cuts are worth
//! their cost was measured with `asterism bench search-quality`.

use crate::{Story, reading};

/// Paragraphs are put together up to this length, bytes: about as much as the model was trained on.
const LONGEST: usize = 330;

/// A part of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passage {
    /// `situation`, `action`, …; what a highlight of it is called.
    pub part: &'static str,
    /// What is embedded.
    pub text: String,
    /// It tells what the whole story is about.
    pub is_about: bool,
}

/// Cuts a story.
pub(crate) fn passages(story: &Story) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut about = |part, text: String| {
        if !text.trim().is_empty() {
            passages.push(Passage { part, text, is_about: true });
        }
    };
    about("summary", joined([&story.title, &story.summary], ". "));
    about("questions", story.interview_questions.iter().map(|q| reading::core_of(q) + ". ").collect());
    about("use cases", story.use_cases.join(". "));
    let skills = [story.competencies.as_slice(), &story.tags].concat().join(", ");
    if !skills.is_empty() {
        about("competencies", joined([&story.title, &skills], ": "));
    }
    if !story.client.is_empty() {
        let Story { role, client, industry, project, capability, sub_category, .. } = story;
        about("engagement", format!("{role} at {client} ({industry}), {project}: {capability}, {sub_category}"));
    }
    let metrics: Vec<String> =
        story.metrics.iter().map(|m| [&m.value, " ", &m.label, "."].concat()).collect();
    let purpose = [story.purpose.clone()];
    for (part, lists) in [
        ("situation", [&story.situation[..], &story.task, &[]]),
        ("action", [&story.action[..], &[], &[]]),
        ("result", [&story.result[..], &metrics, &[]]),
        ("process", [&purpose[..], &story.process, &story.performance]),
    ] {
        let texts = grouped(lists.into_iter().flatten());
        passages.extend(texts.into_iter().map(|text| Passage { part, text, is_about: false }));
    }
    passages
}

fn joined(texts: [&String; 2], between: &str) -> String {
    let texts: Vec<&str> =
        texts.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    texts.join(between)
}

/// Puts short paragraphs together, in their order.
fn grouped<'a>(paragraphs: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for paragraph in paragraphs.filter(|paragraph| !paragraph.trim().is_empty()) {
        match groups.last_mut() {
            Some(group) if group.len() + paragraph.len() <= LONGEST => {
                group.push(' ');
                group.push_str(paragraph);
            }
            _ => groups.push(paragraph.clone()),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, grouped, passages};
    use crate::Story;

    #[test]
    fn short_paragraphs_share_a_passage_and_none_is_lost() {
        let paragraphs = ["a".repeat(200), "b".repeat(100), "c".repeat(50), "d".repeat(900), " ".into()];
        let groups = grouped(paragraphs.iter());
        assert_eq!(groups.iter().map(String::len).collect::<Vec<_>>(), [301, 50, 900]);
        assert!(groups[0].len() <= LONGEST);
    }

    #[test]
    fn a_story_is_told_in_parts_and_as_a_whole() {
        let story = Story {
            title: "Exit".to_owned(),
            summary: "We left.".to_owned(),
            client: "Northbank".to_owned(),
            action: vec!["Cut the ledger.".to_owned()],
            interview_questions: vec!["Tell me about a time you left something.".to_owned()],
            ..Story::default()
        };
        let passages: Vec<(&str, String, bool)> =
            passages(&story).into_iter().map(|p| (p.part, p.text, p.is_about)).collect();
        assert_eq!(passages[0], ("summary", "Exit. We left.".to_owned(), true));
        assert_eq!(passages[1], ("questions", "left something. ".to_owned(), true));
        assert!(passages[2].1.contains("Northbank"));
        assert_eq!(passages[3], ("action", "Cut the ledger.".to_owned(), false));
        assert_eq!(passages.len(), 4);
    }

    #[test]
    fn an_empty_story_has_no_passage() {
        assert_eq!(passages(&Story::default()), []);
    }
}

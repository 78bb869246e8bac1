//! What of a story gets a vector.
//!
//! One vector for a whole story says little of anything in it, so a story is cut into passages of a few
//! sentences; beside them stand some that tell what the story is about as a whole. Which cuts are worth
//! their cost was measured with `asterism bench search-quality`.

use crate::{Story, reading};

/// Paragraphs are put together up to this length, bytes: about as much as the model was trained on.
const LONGEST: usize = 500;

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
    let questions: Vec<String> =
        story.interview_questions.iter().map(|question| reading::core_of(question)).collect();
    if questions.len() > 1 {
        about("questions", questions.join(". "));
    }
    questions.into_iter().for_each(|question| about("questions", question));
    about("use cases", story.use_cases.join(". "));
    let skills = [story.competencies.as_slice(), &story.tags].concat().join(", ");
    if !skills.is_empty() {
        about("competencies", joined([&story.title, &skills], ": "));
    }
    if !story.client.is_empty() {
        let Story { role, client, industry, project, capability, sub_category, .. } = story;
        about(
            "engagement",
            format!("{role} at {client} ({industry}), {project}: {capability}, {sub_category}"),
        );
    }
    let told = [
        ("situation", &story.situation),
        ("task", &story.task),
        ("action", &story.action),
        ("result", &story.result),
    ];
    let metrics: Vec<String> =
        story.metrics.iter().map(|m| [&m.value, " ", &m.label, "."].concat()).collect();
    let purpose = vec![story.purpose.clone()];
    let around = [
        ("purpose", &purpose),
        ("process", &story.process),
        ("performance", &story.performance),
        ("metrics", &metrics),
    ];
    // Situation and task are one picture; what was done, and what came of it, are others.
    passages.extend(grouped(&told));
    passages.extend(grouped(&around));
    passages
}

fn joined(texts: [&String; 2], between: &str) -> String {
    let texts: Vec<&str> =
        texts.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    texts.join(between)
}

/// Puts short paragraphs together, in their order. A group is called as its first paragraph's part.
fn grouped(parts: &[(&'static str, &Vec<String>)]) -> Vec<Passage> {
    let mut groups: Vec<Passage> = Vec::new();
    let paragraphs =
        parts.iter().flat_map(|(part, list)| list.iter().map(move |text| (*part, text)));
    for (part, paragraph) in paragraphs.filter(|(_, paragraph)| !paragraph.trim().is_empty()) {
        match groups.last_mut() {
            Some(group) if group.text.len() + paragraph.len() < LONGEST => {
                group.text.push(' ');
                group.text.push_str(paragraph);
            }
            _ => groups.push(Passage { part, text: paragraph.clone(), is_about: false }),
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
        let first = vec!["a".repeat(300), "b".repeat(100)];
        let second = vec!["c".repeat(99), "d".repeat(900), " ".to_owned(), "e".to_owned()];
        let groups = grouped(&[("situation", &first), ("action", &second)]);
        let groups: Vec<(&str, usize)> = groups.iter().map(|g| (g.part, g.text.len())).collect();
        assert_eq!(groups, [("situation", 401), ("action", 99), ("action", 900), ("action", 1)]);
        assert!(groups.iter().all(|(_, length)| *length <= LONGEST || *length == 900));
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
        assert_eq!(passages[1], ("questions", "left something".to_owned(), true));
        assert!(passages[2].1.contains("Northbank"));
        assert_eq!(passages[3], ("action", "Cut the ledger.".to_owned(), false));
        assert_eq!(passages.len(), 4);
    }

    #[test]
    fn an_empty_story_has_no_passage() {
        assert_eq!(passages(&Story::default()), []);
    }
}

//! Makes a follow-up whole: what it leaves unsaid is in what was asked and answered before. Pure.
//!
//! "And how long did it take?" is about the stories of the last answer; "And at Farwave?" is the last question,
//! asked of another. Not here: any other reading between the lines; a question that names what it is about,
//! or has words enough of its own, is taken as it is.

use crate::{
    Corpus,
    naming::renamed,
    question::Understood,
    text::{folded, words},
    vocabulary::{self, listed},
};

/// What was asked before, and which stories answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// The question as it was understood.
    pub question: String,
    /// Ids of the stories, in the order of their marks.
    pub stories: Vec<String>,
}

/// A question that stands alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standalone {
    /// What to search for: all that is meant.
    pub search: String,
    /// Whose words the answer must have: all that is said.
    pub words: String,
    /// Ids of the stories that it is about.
    pub pinned: Vec<String>,
    /// It is not as it was asked.
    pub changed: bool,
}

/// Words that point at what was spoken of.
const POINTS_BACK: &str = "it its that this these those they them their theirs there he him his she her \
    hers same then";
/// Beginnings of what goes on with a conversation.
const GOES_ON: [&str; 12] = [
    " and ",
    " but ",
    " so ",
    " why ",
    " tell me more ",
    " what else ",
    " more ",
    " go on ",
    " anything else ",
    " how so ",
    " what happened next ",
    " what about ",
];
/// Beginnings that ask the same of another.
const OF_ANOTHER: &str =
    "and what how about at for in with same question again the on did do you go it was";
/// A question with fewer informative words than this may lean on what was said before it.
const FEW: usize = 2;

/// Makes a question whole by the turns before it, oldest first.
#[must_use]
pub fn rewrite(corpus: &Corpus, question: &str, turns: &[Turn]) -> Standalone {
    let alone = Standalone {
        search: question.to_owned(),
        words: question.to_owned(),
        ..Standalone::default()
    };
    let Some(last) = turns.last() else { return alone };
    let asked = Understood::new(corpus, question);
    if !asked.scope.is_empty() {
        let says_more = words(question).any(|word| {
            !listed(OF_ANOTHER, &word)
                && !vocabulary::is_stop(&word)
                && !asked.scope.stems.contains(&crate::text::stem(&word))
        });
        if says_more {
            return alone;
        }
        let whole = renamed(&corpus.names, &last.question, &asked.scope);
        let changed = whole != question;
        return Standalone { search: whole.clone(), words: whole, pinned: Vec::new(), changed };
    }
    let spoken_of = turns.iter().rev().find(|turn| !turn.stories.is_empty());
    let Some(spoken_of) = spoken_of.filter(|_| leans(question, &asked)) else { return alone };
    let titles: Vec<_> =
        spoken_of.stories.iter().filter_map(|id| corpus.title(id)).take(2).collect();
    if titles.is_empty() {
        return alone;
    }
    let said = question.trim_end_matches(['?', '.', '!', ' ']);
    Standalone {
        search: [said, " (", &titles.join("; "), ")?"].concat(),
        words: question.to_owned(),
        pinned: spoken_of.stories.clone(),
        changed: true,
    }
}

/// Tells whether a question goes on with what was said before it.
fn leans(question: &str, asked: &Understood) -> bool {
    if asked.interview || asked.wide {
        return false;
    }
    let folded = folded(question);
    let points = words(question).any(|word| listed(POINTS_BACK, &word));
    let goes_on = GOES_ON.iter().any(|beginning| folded.starts_with(beginning));
    points || goes_on || asked.terms.len() < FEW
}

#[cfg(test)]
mod tests {
    use super::{Turn, rewrite};
    use crate::{ClientKind, Corpus, Story};

    fn corpus() -> Corpus {
        let story = |id: &str, client: &str, title: &str| Story {
            id: id.to_owned(),
            client: client.to_owned(),
            client_kind: ClientKind::Named,
            title: title.to_owned(),
            summary: "We moved ledgers to Kafka and hired engineers.".to_owned(),
            ..Story::default()
        };
        Corpus::new([
            story("ledger", "Northbank", "Leaving the Mainframe"),
            story("menus", "Farwave Mobile", "Menus for Everyone"),
        ])
    }

    fn check(question: &str, search: &str, pinned: &[&str]) {
        let turns = [Turn {
            question: "What did you do at Northbank to cut cost?".to_owned(),
            stories: vec!["ledger".to_owned()],
        }];
        let standalone = rewrite(&corpus(), question, &turns);
        assert_eq!(standalone.search, search, "{question}");
        assert_eq!(standalone.pinned, pinned, "{question}");
        assert_eq!(standalone.changed, search != question, "{question}");
        assert_eq!(rewrite(&corpus(), question, &[]).search, question);
    }

    #[test]
    fn what_points_back_is_about_what_was_spoken_of() {
        check(
            "How long did it take?",
            "How long did it take (Leaving the Mainframe)?",
            &["ledger"],
        );
        check("And the cost?", "And the cost (Leaving the Mainframe)?", &["ledger"]);
        check("Tell me more", "Tell me more (Leaving the Mainframe)?", &["ledger"]);
        check("Why?", "Why (Leaving the Mainframe)?", &["ledger"]);
    }

    #[test]
    fn the_same_may_be_asked_of_another() {
        let whole = "What did you do at Farwave Mobile to cut cost?";
        check("And at Farwave?", whole, &[]);
        check("What about Farwave Mobile?", whole, &[]);
    }

    #[test]
    fn a_question_that_is_whole_stays_as_it_is() {
        for question in [
            "How did Farwave hire engineers?",
            "Which engineers moved ledgers to Kafka?",
            "Tell me about a time you hired engineers",
            "What patterns do you see across clients?",
        ] {
            check(question, question, &[]);
        }
    }
}

//! Clients, employers, divisions and programmes that a question calls by name.
//!
//! A name is found in full, by a part that only it has (`Tidewater`), and by its initials (`MCS`), all worked
//! out from the stories. Not here: generic clients (`Multiple Clients`): nobody asks for them by that name.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    corpus::IndexedStory,
    story::{ClientKind, Story},
    text::{folded, stem, stems, words},
};

/// A name's first word stands for it when at least this share of the stories that have it are its own.
const OWN_SHARE: f32 = 0.6;
/// Words that say that what stands before them is a programme's name, in whatever case.
const PROGRAMME: [&str; 4] = ["programme", "program", "project", "initiative"];

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Client,
    Employer,
    Division,
    Programme,
}

const KINDS: [Kind; 4] = [Kind::Client, Kind::Employer, Kind::Division, Kind::Programme];

impl Kind {
    fn of(self, story: &Story) -> &str {
        match self {
            Self::Client if story.client_kind == ClientKind::Named => &story.client,
            Self::Client => "",
            Self::Employer => &story.employer,
            Self::Division => &story.division,
            Self::Programme => &story.project,
        }
    }
}

/// The names that scope a question.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Folded phrases with what they name, longest first.
    phrases: Vec<(String, Kind, String)>,
    /// Initials, as written, with what they name.
    initials: BTreeMap<String, (Kind, String)>,
    programmes: BTreeSet<String>,
    /// What stories have together, each once.
    together: BTreeSet<[String; 4]>,
}

/// What a question names; nothing named does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    named: BTreeMap<Kind, BTreeSet<String>>,
    /// No story has all that is named: one of it is enough.
    apart: bool,
    /// Stems of the names, which the scope already answers for.
    pub(crate) stems: BTreeSet<String>,
}

impl Names {
    /// Collects the names of some stories.
    pub(crate) fn of(stories: &[Arc<IndexedStory>], frequency: &HashMap<String, usize>) -> Self {
        let mut names = Self::default();
        for kind in [Kind::Client, Kind::Employer, Kind::Division] {
            let mut own: HashMap<&str, usize> = HashMap::new();
            for name in stories.iter().map(|s| kind.of(&s.story)).filter(|name| !name.is_empty()) {
                *own.entry(name).or_default() += 1;
            }
            for (name, count) in own {
                names.add(kind, name, count, frequency);
            }
        }
        names.phrases.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        let programmes = stories.iter().map(|s| s.story.project.clone()).filter(|p| !p.is_empty());
        names.programmes = programmes.collect();
        names.together =
            stories.iter().map(|s| KINDS.map(|kind| kind.of(&s.story).to_owned())).collect();
        names
    }

    fn add(&mut self, kind: Kind, name: &str, count: usize, frequency: &HashMap<String, usize>) {
        let phrase = folded(name);
        let words: Vec<_> = phrase.split_whitespace().collect();
        let mut add = |words: &[&str]| {
            self.phrases.push(([" ", &words.join(" "), " "].concat(), kind, name.to_owned()));
        };
        for length in 2..words.len() {
            add(&words[..length]);
        }
        if let Some(first) = words.first().filter(|_| words.len() > 1) {
            let everywhere = frequency.get(&stem(first)).copied().unwrap_or(0).max(1);
            if count as f32 / everywhere as f32 >= OWN_SHARE {
                add(&[first]);
            }
        }
        add(&words);
        let initials: String = name.split(' ').filter_map(|word| word.chars().next()).collect();
        if initials.chars().count() > 2 && initials.chars().all(char::is_alphabetic) {
            self.initials.entry(initials).or_insert((kind, name.to_owned()));
        }
    }

    /// Returns what a question names.
    ///
    /// A name is found in any case. Many programmes are called by everyday words (`Day One`), so theirs must
    /// be written as a name or be followed by `programme`, and one of a single word must not merely begin
    /// the question. Initials must be written as such.
    pub(crate) fn scope(&self, question: &str) -> Scope {
        let mut scope = Scope::default();
        let asked = folded(question);
        for (phrase, kind, name) in &self.phrases {
            if asked.contains(phrase) {
                scope.add(*kind, name);
            }
        }
        for word in question.split(|c: char| !c.is_alphanumeric()) {
            if let Some((kind, name)) = self.initials.get(word) {
                scope.add(*kind, name);
                scope.stems.insert(stem(&word.to_lowercase()));
            }
        }
        for programme in &self.programmes {
            if named(question, &asked, programme) {
                scope.add(Kind::Programme, programme);
            }
        }
        scope.apart = !self.together.iter().any(|have| {
            KINDS.iter().zip(have).all(|(kind, name)| {
                scope.named.get(kind).is_none_or(|wanted| wanted.contains(name))
            })
        });
        scope
    }
}

fn named(question: &str, asked: &str, programme: &str) -> bool {
    let written = question.match_indices(programme).any(|(at, _)| {
        let before = question[..at].chars().next_back();
        let after = question[at + programme.len()..].chars().next();
        let bounded = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        bounded(before) && bounded(after) && (at > 0 || programme.contains(' '))
    });
    let phrase = folded(programme);
    written || PROGRAMME.iter().any(|word| asked.contains(&[phrase.as_str(), word, " "].concat()))
}

impl Scope {
    fn add(&mut self, kind: Kind, name: &str) {
        self.named.entry(kind).or_default().insert(name.to_owned());
        self.stems.extend(stems(name));
    }

    /// Tells whether nothing is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// Returns the named of a kind.
    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = &String> {
        self.named.get(&kind).into_iter().flatten()
    }

    /// Returns all that is named, in full.
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        self.named.values().flatten()
    }

    /// Tells whether a story is one of those named.
    pub(crate) fn admits(&self, story: &Story) -> bool {
        let mut has = self.named.iter().map(|(kind, wanted)| wanted.contains(kind.of(story)));
        if self.apart { has.any(|has| has) } else { has.all(|has| has) }
    }
}

/// Puts the names of `new` in the place of those of `old` in a question; at its end where it has none.
pub(crate) fn renamed(names: &Names, question: &str, new: &Scope) -> String {
    let wanted: Vec<_> = new.all().map(String::as_str).collect();
    let wanted = wanted.join(" and ");
    let old = names.scope(question);
    let span = old.all().find_map(|name| span(question, name));
    match span {
        Some((from, to)) => [&question[..from], &wanted, &question[to..]].concat(),
        None => {
            let asked = question.trim_end_matches(['?', '.', '!', ' ']);
            [asked, " at ", &wanted, "?"].concat()
        }
    }
}

/// Returns where a name or its beginning stands.
fn span(question: &str, name: &str) -> Option<(usize, usize)> {
    let lower = question.to_lowercase();
    // Lower case may change lengths; then nothing can be cut out.
    if lower.len() != question.len() {
        return None;
    }
    let words: Vec<_> = words(name).collect();
    (1..=words.len()).rev().find_map(|length| {
        let phrase = words[..length].join(" ");
        lower.find(&phrase).map(|at| (at, at + phrase.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, renamed};
    use crate::{ClientKind, Corpus, Story};

    fn story(id: &str, client: &str, project: &str, summary: &str) -> Story {
        Story {
            id: id.to_owned(),
            client: client.to_owned(),
            client_kind: ClientKind::Named,
            division: "Financial Services Practice".to_owned(),
            project: project.to_owned(),
            summary: summary.to_owned(),
            ..Story::default()
        }
    }

    fn corpus() -> Corpus {
        Corpus::new([
            story("a", "Great Lakes Freight", "Day One", "A great start."),
            story("b", "Northbank", "Ledger Exit", "A great exit."),
            story("c", "Farwave Mobile", "Plumbline", "A great number."),
            story("d", "Meridian Card Services", "Fastlane", "Cards."),
            story("e", "Ministry of Works", "Gravel to Tar", "Roads."),
        ])
    }

    fn check(question: &str, clients: &[&str], programmes: &[&str]) {
        let scope = corpus().names.scope(question);
        assert!(scope.of(Kind::Client).eq(clients), "{question}: {scope:?}");
        assert!(scope.of(Kind::Programme).eq(programmes), "{question}: {scope:?}");
    }

    #[test]
    fn a_client_is_named_by_its_whole_name_a_part_that_only_it_has_or_its_initials() {
        check("What did you do at Farwave Mobile?", &["Farwave Mobile"], &[]);
        check("what was northbank's problem", &["Northbank"], &[]);
        check("Tell me about farwave", &["Farwave Mobile"], &[]);
        check("Anything for Great Lakes?", &["Great Lakes Freight"], &[]);
        check("What was a great result?", &[], &[]);
        check("MCS card issuing", &["Meridian Card Services"], &[]);
        check("the MoW permits", &["Ministry of Works"], &[]);
        check("to mow the lawn", &[], &[]);
    }

    #[test]
    fn a_programme_is_named_only_as_a_name() {
        check("How did Ledger Exit end?", &[], &["Ledger Exit"]);
        check("how did the ledger exit programme end?", &[], &["Ledger Exit"]);
        check("Was there a plan from day one?", &[], &[]);
        check("Who used Plumbline?", &[], &["Plumbline"]);
        check("Who used Plumblines?", &[], &[]);
    }

    #[test]
    fn what_is_named_together_narrows_together_where_a_story_has_it_all() {
        let corpus = corpus();
        let admitted = |question: &str| -> Vec<_> {
            let scope = corpus.names.scope(question);
            let stories = corpus.stories.iter().map(|indexed| &indexed.story);
            stories.filter(|story| scope.admits(story)).map(|story| story.id.as_str()).collect()
        };
        assert_eq!(admitted("How did Ledger Exit end at Northbank?"), ["b"]);
        assert_eq!(admitted("Compare Ledger Exit and Farwave"), ["b", "c"]);
        assert_eq!(admitted("the financial services practice at Farwave"), ["c"]);
    }

    #[test]
    fn a_question_is_asked_again_of_another() {
        let names = corpus().names;
        let check = |question: &str, about: &str, expected: &str| {
            assert_eq!(renamed(&names, question, &names.scope(about)), expected);
        };
        check(
            "What did you do at Northbank to cut cost?",
            "And Farwave?",
            "What did you do at Farwave Mobile to cut cost?",
        );
        check("How do you cut cost?", "at Northbank?", "How do you cut cost at Northbank?");
    }
}

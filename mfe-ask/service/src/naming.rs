//! Clients and projects that a question calls by name.
//!
//! Not here: generic clients (`Multiple Clients`): nobody asks for them by that name.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    corpus::IndexedStory,
    story::{ClientKind, Story},
    text::{folded, stem, stems},
};

/// A client's first word names it when at least this share of the stories that have it are the client's.
const OWN_SHARE: f32 = 0.6;

/// The names that scope a question.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Folded phrase and the client that it names.
    clients: Vec<(String, String)>,
    projects: BTreeSet<String>,
}

/// What a question names; empty lists do not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) clients: BTreeSet<String>,
    pub(crate) projects: BTreeSet<String>,
    /// Stems of the names, which the scope already answers for.
    pub(crate) stems: BTreeSet<String>,
}

impl Names {
    /// Collects the names of some stories.
    pub(crate) fn of(stories: &[Arc<IndexedStory>], frequency: &HashMap<String, usize>) -> Self {
        let mut own: HashMap<&str, usize> = HashMap::new();
        for story in stories.iter().filter(|s| s.story.client_kind == ClientKind::Named) {
            *own.entry(&story.story.client).or_default() += 1;
        }
        let mut clients = Vec::new();
        for (client, count) in own {
            let phrase = folded(client);
            let words: Vec<_> = phrase.split_whitespace().collect();
            for length in 2..words.len() {
                clients.push(([" ", &words[..length].join(" "), " "].concat(), client.to_owned()));
            }
            if let Some(first) = words.first().filter(|_| words.len() > 1) {
                let everywhere = frequency.get(&stem(first)).copied().unwrap_or(0).max(1);
                if count as f32 / everywhere as f32 >= OWN_SHARE {
                    clients.push(([" ", first, " "].concat(), client.to_owned()));
                }
            }
            clients.push((phrase, client.to_owned()));
        }
        clients.sort();
        let projects = stories.iter().map(|s| s.story.project.clone()).filter(|p| !p.is_empty());
        Self { clients, projects: projects.collect() }
    }

    /// Returns what a question names.
    ///
    /// A client is found in any case. Many projects are called by everyday words (`Day One`), so theirs
    /// must be written as a name, and one of a single word must not merely begin the question.
    pub(crate) fn scope(&self, question: &str) -> Scope {
        let mut scope = Scope::default();
        let asked = folded(question);
        for (phrase, client) in &self.clients {
            if asked.contains(phrase) {
                scope.clients.insert(client.clone());
                scope.stems.extend(stems(client));
            }
        }
        for project in &self.projects {
            let found = question.match_indices(project.as_str()).any(|(at, _)| {
                let before = question[..at].chars().next_back();
                let after = question[at + project.len()..].chars().next();
                let bounded = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                bounded(before) && bounded(after) && (at > 0 || project.contains(' '))
            });
            if found {
                scope.projects.insert(project.clone());
                scope.stems.extend(stems(project));
            }
        }
        scope
    }
}

impl Scope {
    /// Tells whether anything is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.clients.is_empty() && self.projects.is_empty()
    }

    /// Tells whether a story is one of those named.
    pub(crate) fn admits(&self, story: &Story) -> bool {
        (self.clients.is_empty() || self.clients.contains(&story.client))
            && (self.projects.is_empty() || self.projects.contains(&story.project))
    }
}

#[cfg(test)]
mod tests {
    use crate::{ClientKind, Corpus, Story};

    fn story(id: &str, client: &str, project: &str, summary: &str) -> Story {
        Story {
            id: id.to_owned(),
            client: client.to_owned(),
            client_kind: ClientKind::Named,
            project: project.to_owned(),
            summary: summary.to_owned(),
            ..Story::default()
        }
    }

    fn check(question: &str, clients: &[&str], projects: &[&str]) {
        let corpus = Corpus::new([
            story("a", "Great Lakes Freight", "Day One", "A great start."),
            story("b", "Northbank", "Ledger Exit", "A great exit."),
            story("c", "Farwave Mobile", "Plumbline", "A great number."),
        ]);
        let scope = corpus.names.scope(question);
        assert!(scope.clients.iter().eq(clients), "{question}: {:?}", scope.clients);
        assert!(scope.projects.iter().eq(projects), "{question}: {:?}", scope.projects);
    }

    #[test]
    fn a_client_is_named_by_its_whole_name_or_by_a_part_that_only_it_has() {
        check("What did you do at Farwave Mobile?", &["Farwave Mobile"], &[]);
        check("what was northbank's problem", &["Northbank"], &[]);
        check("Tell me about farwave", &["Farwave Mobile"], &[]);
        check("Anything for Great Lakes?", &["Great Lakes Freight"], &[]);
        check("What was a great result?", &[], &[]);
    }

    #[test]
    fn a_project_is_named_only_as_a_name() {
        check("How did Ledger Exit end?", &[], &["Ledger Exit"]);
        check("Was there a plan from day one?", &[], &[]);
        check("Who used Plumbline?", &[], &["Plumbline"]);
        check("Who used Plumblines?", &[], &[]);
    }
}

//! What a query says beyond its words: filters, clients, and the question around them.
//!
//! "Telecom work during Cloud Turn" is not about the word `work`: it names two filters. A query is read as
//! filters when, besides the names, nothing is left but words that say nothing; an era is also one when it
//! stands as a time ("during …"). A client that is named beside other words does not narrow, it pins: its
//! stories come first. Pure: the names come from the stories at hand and from `synonyms.toml`.

use mfe_search_api::Filters;

use crate::{
    analysis,
    facets::Facet,
    query::is_stop_word,
    synonyms::{self, Stems, Synonyms},
};

/// Words that only say that work is meant. Stems.
const FILLERS: &[&str] = &[
    "work", "project", "stori", "experi", "era", "year", "industri", "sector", "client", "compani",
    "job", "engag", "programm", "program", "show", "list", "everyth", "anyth", "find", "relat",
    "case", "exampl", "period", "time", "thing", "done", "role", "custom", "account", "career",
    "histori", "see", "browse", "world", "field", "area", "topic", "phase", "day",
];
/// How questions begin; what follows is what they are about.
const OPENINGS: &[&str] = &[
    "tell me about a time when you",
    "tell me about a time that you",
    "tell me about a time you",
    "tell me about a time when",
    "tell me about a time",
    "tell me about a situation where you",
    "tell me about a situation in which you",
    "tell me about your work with",
    "tell me about your work on",
    "tell me about your",
    "tell me about",
    "talk me through",
    "walk me through",
    "describe a time when you",
    "describe a time you",
    "describe a time when",
    "describe a time",
    "describe a situation where you",
    "describe a situation in which you",
    "describe a situation",
    "describe how you",
    "describe your",
    "describe",
    "give me an example of a time you",
    "give me an example of when you",
    "give me an example of",
    "give an example of",
    "what experience do you have with",
    "what experience do you have of",
    "what experience do you have in",
    "what is your experience with",
    "what have you done with",
    "what have you done about",
    "what have you learned about",
    "what work have you done on",
    "what work have you done with",
    "what is your approach to",
    "what patterns do you see in",
    "have you ever",
    "have you",
    "how have you",
    "how did you",
    "how do you",
    "when have you",
    "when did you",
    "why did you",
];

/// Those that ask for a situation.
const SITUATIONS: &[&str] = &[
    "tell me about a time",
    "tell me about a situation",
    "describe a time",
    "describe a situation",
    "give me an example of a time",
    "give me an example of when",
    "have you ever",
    "when have you",
];

/// A name that a query may have for a value of a facet.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    facet: Facet,
    value: String,
    stems: Stems,
}

/// The names of the stories at hand, the longest first.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<Name>);

impl Names {
    /// Returns the names for the facets' values, which `values` lists; `distinctive` tells whether a stem
    /// stands for a client alone.
    pub(crate) fn new<'a>(
        values: impl Fn(Facet) -> &'a [String],
        is_named: impl Fn(&str) -> bool,
        distinctive: impl Fn(&str, &str) -> bool,
    ) -> Self {
        let mut names = Vec::new();
        // Of two facets with a name in common the first one listed here counts.
        for facet in [Facet::Client, Facet::Industry, Facet::Era, Facet::Capability, Facet::Role] {
            let known: &[String] = values(facet);
            let known = known
                .iter()
                .filter(|value| !value.is_empty() && (facet != Facet::Client || is_named(value)));
            for value in known {
                let mut add = |stems: Stems| {
                    names.push(Name { facet, value: value.clone(), stems });
                };
                let stems = synonyms::stems(value);
                if facet == Facet::Client {
                    if let (Some(first), true) = (stems.first(), stems.len() > 1)
                        && distinctive(value, first)
                    {
                        add(vec![first.clone()]);
                    }
                    if let Some(initials) = initials(value) {
                        add(synonyms::stems(&initials));
                    }
                }
                add(stems);
                let listed = synonyms_of(facet).iter().filter(|(other, _)| other == value);
                listed.flat_map(|(_, names)| names).for_each(|stems| add(stems.clone()));
            }
        }
        names.retain(|name| !name.stems.is_empty());
        // Stable: the order of the facets stays.
        names.sort_by_key(|name| std::cmp::Reverse(name.stems.len()));
        Self(names)
    }

    fn at<'a>(&'a self, stems: &[String]) -> Option<&'a Name> {
        self.0.iter().find(|name| stems.starts_with(&name.stems))
    }
}

fn synonyms_of(facet: Facet) -> &'static [(String, Vec<Stems>)] {
    let synonyms = Synonyms::shipped();
    match facet {
        Facet::Client => &synonyms.client,
        Facet::Industry => &synonyms.industry,
        Facet::Capability => &synonyms.capability,
        Facet::Era => &synonyms.era,
        Facet::Role | Facet::SubCategory | Facet::Theme => &[],
    }
}

/// People write `MCS` for Meridian Card Services.
fn initials(name: &str) -> Option<String> {
    let initials: String = name.split_whitespace().filter_map(|word| word.chars().next()).collect();
    (initials.chars().count() >= 3).then_some(initials)
}

/// What a query says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reading {
    /// Filters that it names.
    pub understood: Filters,
    /// What is left to search for; empty when it names nothing but filters.
    pub text: String,
    /// Clients that it names beside other words.
    pub pinned: Vec<String>,
    /// What it calls clients otherwise, and their names.
    pub nicknames: Vec<(Stems, Stems)>,
    /// What it is about: misspelt words corrected, clients by their name, without the opening of a question.
    pub core: String,
    /// It asks for a situation ("tell me about a time …"), whose words are anybody's.
    pub is_situation: bool,
}

impl Reading {
    /// Reads a query; a `literal` one has no filters. `corrected` returns what a misspelt word meant, and
    /// other words as they are.
    pub(crate) fn new(
        names: &Names,
        query: &str,
        literal: bool,
        corrected: impl Fn(&str) -> String,
    ) -> Self {
        let forms = analysis::forms(query);
        let stems = analysis::stem_each(&forms);
        let found = find(names, &stems);
        let plain = plain(query, &forms, &found, corrected);
        let core = core(&plain);
        let is_situation = SITUATIONS.iter().any(|opening| begins(&plain, opening));
        let clients = found.iter().filter(|found| found.name.facet == Facet::Client);
        let nicknames = clients
            .clone()
            .map(|found| (found.name.stems.clone(), synonyms::stems(&found.name.value)))
            .filter(|(nickname, name)| nickname != name)
            .collect();
        let mut pinned: Vec<String> = clients.map(|found| found.name.value.clone()).collect();
        pinned.sort_unstable();
        pinned.dedup();
        let text = query.to_owned();
        let as_words = Self { text, pinned, nicknames, core, is_situation, ..Self::default() };
        if literal || found.is_empty() {
            return as_words;
        }
        let outside = |index: &usize| !found.iter().any(|found| found.covers(*index));
        let rest: Vec<usize> = (0..forms.len()).filter(outside).collect();
        let says_something = |index: &usize| {
            !is_stop_word(&forms[*index]) && !FILLERS.contains(&stems[*index].as_str())
        };
        if !rest.iter().any(says_something) {
            let broad = found
                .iter()
                .any(|f| matches!(f.name.facet, Facet::Client | Facet::Industry | Facet::Era));
            // A name alone may as well be meant as words: its stories come first either way.
            return match broad && (found.len() > 1 || !rest.is_empty()) {
                true => Self {
                    understood: filters(&found),
                    text: String::new(),
                    pinned: Vec::new(),
                    ..as_words
                },
                false => as_words,
            };
        }
        let (times, names): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| {
            let before = found.start.checked_sub(1).map(|index| forms[index].as_str());
            let before = match before {
                Some("the") => found.start.checked_sub(2).map(|index| forms[index].as_str()),
                other => other,
            };
            found.name.facet == Facet::Era && matches!(before, Some("during" | "in" | "from"))
        });
        if times.is_empty() {
            return as_words;
        }
        let left =
            |index: &usize| rest.contains(index) || names.iter().any(|found| found.covers(*index));
        let words: Vec<&str> = (0..forms.len()).filter(left).map(|i| forms[i].as_str()).collect();
        let text = words.join(" ");
        Self { understood: filters(&times), core: text.clone(), text, ..as_words }
    }
}

/// A name and where it stands.
struct Found<'a> {
    name: &'a Name,
    start: usize,
}

impl Found<'_> {
    fn covers(&self, index: usize) -> bool {
        (self.start..self.start + self.name.stems.len()).contains(&index)
    }
}

fn find<'a>(names: &'a Names, stems: &[String]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < stems.len() {
        match names.at(&stems[start..]) {
            Some(name) => {
                found.push(Found { name, start });
                start += name.stems.len();
            }
            None => start += 1,
        }
    }
    found
}

fn filters(found: &[Found<'_>]) -> Filters {
    let mut filters = Filters::default();
    for Found { name, .. } in found {
        let wanted = name.facet.wanted_mut(&mut filters);
        if !wanted.contains(&name.value) {
            wanted.push(name.value.clone());
        }
    }
    filters
}

/// Returns the query as it is written, but for words that are misspelt and clients that have other names.
fn plain(
    query: &str,
    forms: &[String],
    found: &[Found<'_>],
    corrected: impl Fn(&str) -> String,
) -> String {
    let client = |index| found.iter().find(|f| f.name.facet == Facet::Client && f.covers(index));
    let mut words = Vec::new();
    let mut changed = false;
    for (index, form) in forms.iter().enumerate() {
        let word = match client(index) {
            Some(found) if found.start == index => found.name.value.clone(),
            Some(_) => continue,
            None => corrected(form),
        };
        changed |= word != *form;
        words.push(word);
    }
    if changed { words.join(" ") } else { query.trim().to_owned() }
}

/// Returns what a question is about.
fn core(question: &str) -> String {
    let question = question.trim().trim_end_matches(['?', '.', '!', ' ']);
    let opening = OPENINGS.iter().find(|opening| begins(question, opening));
    let rest = opening.map_or(question, |opening| question[opening.len()..].trim_start());
    // One word is too little to tell a meaning by.
    if rest.contains(' ') { rest.to_owned() } else { question.to_owned() }
}

fn begins(question: &str, opening: &str) -> bool {
    let head = question.get(..opening.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(opening))
        && question[opening.len()..].starts_with(' ')
}

/// As [`core()`], for the questions that stories answer: asked and answered are compared alike.
pub(crate) fn core_of(question: &str) -> String {
    core(question)
}

#[cfg(test)]
mod tests {
    use mfe_search_api::Filters;

    use super::{Names, Reading, core, find, plain};
    use crate::{analysis, vocabulary::Vocabulary};

    fn names() -> Names {
        let list = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
        let values = [
            list(&["Telecommunications", "Financial Services", "Healthcare"]),
            list(&["Cloud Platform"]),
            list(&["Northbank", "Meridian Card Services", "Several Clients"]),
            list(&["Delivery Director"]),
            list(&[]),
            list(&["Cloud Turn", "Foundations"]),
            list(&[]),
        ];
        Names::new(
            |facet| &values[facet as usize],
            |client| client != "Several Clients",
            |_, stem| stem == "meridian",
        )
    }

    fn corrected(word: &str) -> String {
        let vocabulary = ["network", "ledger", "northbank", "card"];
        let vocabulary = Vocabulary::new(vocabulary.map(|word| (word.to_owned(), 1)));
        vocabulary.corrected(word).to_owned()
    }

    fn read(query: &str) -> Reading {
        Reading::new(&names(), query, false, corrected)
    }

    fn understood(query: &str) -> Vec<String> {
        let Filters { industry, capability, client, role, era, .. } = read(query).understood;
        [industry, capability, client, role, era].concat()
    }

    #[test]
    fn names_with_nothing_but_filler_are_filters() {
        for (query, expected) in [
            ("telecom work during Cloud Turn", vec!["Telecommunications", "Cloud Turn"]),
            ("Health care projects in the Foundations era", vec!["Healthcare", "Foundations"]),
            ("everything for MCS", vec!["Meridian Card Services"]),
            ("What did you do at Northbank?", vec!["Northbank"]),
            ("banking, cloud", vec!["Financial Services", "Cloud Platform"]),
            (
                "work as a delivery director in banking",
                vec!["Financial Services", "Delivery Director"],
            ),
            // A name alone, and names of small facets, are words.
            ("Northbank", vec![]),
            ("cloud work", vec![]),
            ("Northbank ledger", vec![]),
            ("several clients work", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(understood(query), expected, "{query}");
        }
    }

    #[test]
    fn a_time_narrows_what_is_searched_for() {
        let reading = read("ledger moves during the Cloud Turn");
        assert_eq!(reading.understood.era, ["Cloud Turn"]);
        assert_eq!(reading.text, "ledger moves during the");
        // Without a preposition it may be anything.
        assert_eq!(understood("foundations of a ledger"), [""; 0]);
    }

    #[test]
    fn a_client_beside_other_words_is_pinned() {
        assert_eq!(read("Meridian ledger").pinned, ["Meridian Card Services"]);
        assert_eq!(read("ledger").pinned, [""; 0]);
        assert_eq!(read("what did you do at Northbank?").pinned, [""; 0]);
    }

    #[test]
    fn meaning_is_asked_with_corrected_words_and_full_names() {
        let names = names();
        let plain = |query| {
            let forms = analysis::forms(query);
            plain(query, &forms, &find(&names, &analysis::stem_each(&forms)), corrected)
        };
        assert_eq!(plain("netwrok  Slicing?"), "network slicing");
        assert_eq!(plain("MCS ledger"), "Meridian Card Services ledger");
        assert_eq!(plain("  How's the *network*? "), "How's the *network*?");
        assert_eq!(
            read("what did you do about the netwrok").core,
            "what did you do about the network"
        );
    }

    #[test]
    fn questions_are_about_what_follows_their_opening() {
        for (question, about) in [
            ("Tell me about a time you were wrong about it.", "were wrong about it"),
            ("HOW DID YOU decide this?", "decide this"),
            ("Have you failed?", "Have you failed"),
            ("Describer of things", "Describer of things"),
            ("kafka", "kafka"),
            ("", ""),
        ] {
            assert_eq!(core(question), about);
        }
    }
}

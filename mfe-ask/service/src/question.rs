//! What is asked: its words, the kind of answer that it wants, and what it names.

use std::collections::HashSet;

use mfe_ask_api::{Filters, Intent};

use crate::{
    corpus::Corpus,
    naming::Scope,
    passages::{Passage, Section},
    story::Story,
    text::{folded, stem, stems, words},
    vocabulary::{self, listed},
};

/// A question with what narrows it.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// As asked.
    pub text: String,
    /// Stories outside never answer.
    pub filters: Filters,
    /// Ids of the stories that it is about: the one from whose page it comes, those that were spoken of.
    pub pinned: Vec<String>,
}

/// A question understood.
#[derive(Clone, Debug)]
pub(crate) struct Understood {
    /// The words that say what it is about.
    pub(crate) terms: Vec<Term>,
    /// All stems, for comparing whole questions.
    pub(crate) stems: HashSet<String>,
    /// The kind of fact that it wants.
    pub(crate) fact: Option<Fact>,
    /// Stem of what `how many` counts.
    pub(crate) counted: Option<String>,
    /// The part of a story that it wants.
    pub(crate) part: Option<Section>,
    /// Has the form of an interview: "a time you …".
    pub(crate) interview: bool,
    /// Asks over several clients.
    pub(crate) wide: bool,
    /// Asks for the person as such.
    pub(crate) person: bool,
    /// What it names.
    pub(crate) scope: Scope,
}

/// One word that says what a question is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    /// Its own stem.
    pub(crate) stem: String,
    /// Stems of what means nearly the same.
    pub(crate) alike: Vec<String>,
    /// What finding it tells, greater for rarer words.
    pub(crate) rarity: f32,
}

/// A kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// How many, how much.
    Number,
    /// How long.
    Duration,
    /// When.
    Date,
}

impl Understood {
    /// Understands a question against what the stories say.
    pub(crate) fn new(corpus: &Corpus, question: &str) -> Self {
        let asked = folded(question);
        let scope = corpus.names.scope(question);
        let wide = is_wide(&asked);
        let part = part(&asked);
        let interview = is_interview(&asked);
        let person = interview || is_about_the_person(&asked);
        let mut terms: Vec<Term> = Vec::new();
        for word in words(question) {
            let skipped = vocabulary::is_stop(&word)
                || vocabulary::is_weak(&word)
                || (wide && listed(vocabulary::WIDE, &word))
                || (part.is_some() && PARTS.iter().any(|(list, _)| listed(list, &word)));
            let stem = stem(&word);
            if skipped || scope.stems.contains(&stem) || terms.iter().any(|t| t.stem == stem) {
                continue;
            }
            terms.push(Term::new(corpus, &word, stem));
        }
        let stems = stems(question).into_iter().collect();
        let counted = asked.split_once(" how many ").and_then(|(_, rest)| rest.split(' ').next());
        let counted = counted.filter(|word| !word.is_empty()).map(stem);
        Self {
            terms,
            stems,
            fact: Fact::asked(&asked),
            counted,
            part,
            interview,
            wide,
            person,
            scope,
        }
    }
}

impl Understood {
    /// Returns what kind of question it is.
    pub(crate) fn intent(&self) -> Intent {
        match self {
            _ if !self.scope.is_empty() => Intent::Entity,
            _ if self.wide => Intent::Synthesis,
            _ if self.person => Intent::Person,
            _ => Intent::General,
        }
    }

    /// Returns how well a passage states the fact that is asked for: 0 not, 1 it states such a fact,
    /// 2 it counts the very thing.
    pub(crate) fn states(&self, passage: &Passage) -> u8 {
        match self.fact {
            Some(fact) if fact.stated(passage) => {
                1 + u8::from(
                    self.counted
                        .as_ref()
                        .is_some_and(|what| counts(passage, &|word| stem(word) == *what)),
                )
            }
            _ => 0,
        }
    }
}

/// Tells whether a number stands at most two words before something that `is` what is counted.
fn counts(passage: &Passage, is: &dyn Fn(&str) -> bool) -> bool {
    passage.sentences.iter().any(|sentence| {
        let words: Vec<_> = words(sentence).collect();
        words.iter().enumerate().any(|(at, word)| {
            is(word) && words[at.saturating_sub(2)..at].iter().any(|w| is_count(w))
        })
    })
}

fn is_count(word: &str) -> bool {
    let digits = word.bytes().any(|b| b.is_ascii_digit());
    (digits && !is_year(word)) || listed(NUMERALS, word)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse().is_ok_and(|year: u16| (1950..2100).contains(&year))
}

impl Term {
    fn new(corpus: &Corpus, word: &str, own: String) -> Self {
        let mut alike: Vec<_> = vocabulary::alike(word).map(stem).collect();
        alike.sort();
        alike.dedup();
        alike.retain(|other| *other != own);
        // A word that no story has is as rare as can be, unless something like it occurs.
        let frequency = match corpus.frequency(&own) {
            0 => alike.iter().map(|other| corpus.frequency(other)).max().unwrap_or(0),
            frequency => frequency,
        };
        Self { stem: own, alike, rarity: corpus.rarity(frequency) }
    }

    /// Returns how a text has this word: 1 itself, less for something like it, 0 not at all.
    pub(crate) fn found(&self, has: impl Fn(&str) -> bool) -> f32 {
        match has(&self.stem) {
            true => 1.0,
            false if self.alike.iter().any(|other| has(other)) => 0.7,
            false => 0.0,
        }
    }
}

/// Words that ask for a part of a story.
const PARTS: [(&str, Section); 3] = [
    ("result results outcome outcomes impact achieve achieved effect difference", Section::Result),
    ("approach steps method action actions", Section::Action),
    ("problem challenge challenges context background", Section::Situation),
];

fn part(asked: &str) -> Option<Section> {
    // Only the short "What was the outcome?": in a longer question the word may be the subject.
    if asked.split_whitespace().filter(|word| !vocabulary::is_stop(word)).count() > 3 {
        return None;
    }
    PARTS
        .iter()
        .find(|(list, _)| asked.split_whitespace().any(|word| listed(list, word)))
        .map(|(_, section)| *section)
}

fn is_interview(asked: &str) -> bool {
    const PHRASES: [&str; 4] =
        [" a time you ", " a time when you ", " an occasion ", " a situation where you "];
    // "A time a launch you were responsible for": the verb may come late.
    PHRASES.iter().any(|phrase| asked.contains(phrase))
        || (asked.contains(" a time ") && asked.starts_with(" tell me about "))
}

/// Tells whether the person is asked for, and not a piece of work.
fn is_about_the_person(asked: &str) -> bool {
    const PHRASES: [&str; 24] = [
        " yourself ",
        " who are you ",
        " about you ",
        " do you ",
        " are you ",
        " would you ",
        " suit you ",
        " stung ",
        " you ended up ",
        " you end up ",
        " you leave ",
        " go solo ",
        " career ",
        " philosophy ",
        " leadership style ",
        " management style ",
        " your values ",
        " your biggest ",
        " your greatest ",
        " motivates you ",
        " your next ",
        " rowan ",
        " blunder ",
        " failure ",
    ];
    PHRASES.iter().any(|phrase| asked.contains(phrase))
}

fn is_wide(asked: &str) -> bool {
    // "Where have you …", "How have you …": more than one piece of work is expected.
    const BEGINNINGS: [&str; 10] = [
        " where have you ",
        " where has ",
        " where have ",
        " where did you ",
        " how have you ",
        " how often have you ",
        " what have you learned about ",
        " what have you learnt about ",
        " which habits ",
        " which lessons ",
    ];
    const PHRASES: [&str; 14] = [
        " over the years ",
        " from client to client ",
        " for clients ",
        " various clients ",
        " programmes share ",
        " pattern ",
        " patterns ",
        " in common ",
        " across ",
        " different clients ",
        " several clients ",
        " themes ",
        " compare ",
        " recurring ",
    ];
    BEGINNINGS.iter().any(|beginning| asked.starts_with(beginning))
        || PHRASES.iter().any(|phrase| asked.contains(phrase))
}

impl Fact {
    fn asked(asked: &str) -> Option<Self> {
        const NUMBER: [&str; 20] = [
            " how many ",
            " how much ",
            " how big ",
            " how often ",
            " how far ",
            " how wide ",
            " how little ",
            " how well ",
            " how good ",
            " how accurate ",
            " how few ",
            " how large ",
            " how high ",
            " how low ",
            " what percentage ",
            " what share ",
            " what proportion ",
            " what price ",
            " cost ",
            " costs ",
        ];
        const DURATION: [&str; 4] = [" how long ", " how fast ", " how quickly ", " how soon "];
        const DATE: [&str; 3] = [" what year ", " which year ", " what date "];
        let any = |phrases: &[&str]| phrases.iter().any(|phrase| asked.contains(phrase));
        if any(&DURATION) {
            return Some(Self::Duration);
        }
        if any(&NUMBER) {
            return Some(Self::Number);
        }
        (any(&DATE) || asked.starts_with(" when did ") || asked.starts_with(" when was "))
            .then_some(Self::Date)
    }

    /// Tells whether a passage states a fact of this kind.
    fn stated(self, passage: &Passage) -> bool {
        let text = passage.sentences.join(" ");
        let any = |is: &dyn Fn(&str) -> bool| words(&text).any(|word| is(&word));
        match self {
            Self::Number => any(&is_count),
            Self::Duration => counts(passage, &|word| listed(SPANS, word)),
            Self::Date => any(&|word| listed(MONTHS, word) || is_year(word)),
        }
    }
}

const NUMERALS: &str = "two three four five six seven eight nine ten eleven twelve thirteen fourteen \
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety \
    hundred thousand million billion dozen half zero none third thirds quarter quarters";
const SPANS: &str = "second seconds minute minutes hour hours day days night nights week weeks month \
    months quarter quarters year years weekend weekends";
// Without May, which is also a verb.
const MONTHS: &str =
    "january february march april june july august september october november december";

/// Tells whether filters let a story answer.
pub(crate) fn admits(filters: &Filters, story: &Story) -> bool {
    [
        (&filters.industry, &story.industry),
        (&filters.capability, &story.capability),
        (&filters.client, &story.client),
        (&filters.era, &story.era),
    ]
    .into_iter()
    .all(|(wanted, value)| wanted.is_empty() || wanted.contains(value))
}

#[cfg(test)]
mod tests {
    use super::{Fact, Understood};
    use crate::{Corpus, Story};

    fn understood(question: &str) -> Understood {
        let story = Story { summary: "We moved ledgers.".to_owned(), ..Story::default() };
        Understood::new(&Corpus::new([story]), question)
    }

    #[test]
    fn the_kind_of_fact_is_read_from_the_question() {
        for (question, fact) in [
            ("How many people passed?", Some(Fact::Number)),
            ("And how much did it cost?", Some(Fact::Number)),
            ("How long did it take?", Some(Fact::Duration)),
            ("When did the lease end?", Some(Fact::Date)),
            ("Tell me about a time when it failed", None),
            ("How did you do it?", None),
        ] {
            assert_eq!(understood(question).fact, fact, "{question}");
        }
    }

    #[test]
    fn only_informative_words_are_terms() {
        let stems: Vec<_> =
            understood("Tell me about a time you migrated the ledgers, the LEDGER!")
                .terms
                .into_iter()
                .map(|term| term.stem)
                .collect();
        assert_eq!(stems, ["migrat", "ledger"]);
    }

    #[test]
    fn an_interview_is_told_by_its_form() {
        for (question, interview) in [
            ("Tell me about a time you migrated ledgers", true),
            ("Tell me about a time a launch went wrong", true),
            ("Describe a time when you failed.", true),
            ("What time is it?", false),
            ("Tell me about ledgers", false),
        ] {
            assert_eq!(understood(question).interview, interview, "{question}");
        }
    }

    #[test]
    fn a_question_over_several_clients_is_wide_and_those_words_are_no_terms() {
        let wide = understood("What patterns do you see across clients in ledgers?");
        assert!(wide.wide);
        let stems: Vec<_> = wide.terms.iter().map(|term| term.stem.as_str()).collect();
        assert_eq!(stems, ["ledger"]);
        assert!(!understood("What did the client say about ledgers?").wide);
    }

    #[test]
    fn a_word_that_no_story_has_is_the_rarest() {
        let terms = understood("quantum ledgers").terms;
        assert!(terms[0].rarity > terms[1].rarity);
    }
}

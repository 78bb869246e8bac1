//! Lists of English words: those that never matter, those that say little in a question, and those
//! that mean nearly the same when people ask about work.
//!
//! Not here: any word of the stories themselves. Whether a word is rare is counted, not listed.

/// Left out of stories and questions alike.
const STOP: &str = "a about above after again against all also am an and any are as at be because been \
    before being below between both but by can could did do does doing done down during each either else \
    ever every few for from further get gets getting go got had has have having he her here hers him his \
    how i if in into is it its itself just let like may me might mine more most much must my myself no \
    nor not now of off on once only onto or other our ours out over own per please really same shall she \
    should so some such than that the their theirs them then there these they this those though through \
    to too under until up upon us very via was we were what whatever when where whether which while who \
    whom whose why will with within without would you your yours yourself";

/// Stand in a question without saying what it is about: they neither count as asked nor rank.
const WEAK: &str = "anybody anyone anything answer ask best biggest describe everybody everyone everything example examples experience experienced explain give greatest happen \
    happened handle handled hardest instance kind know made make many nobody nothing one people person responsible see show \
    situation somebody someone something sort talk tell thing things time times today toughest use used \
    using went work worked working worst";

/// Words by which a question asks for a comparison and not for a subject.
pub(crate) const WIDE: &str = "across client clients common compare compared different engagements \
    industries patterns pattern projects recurring repeatedly several similar similarities themes \
    typically usually various lessons";

/// Nearly the same, when somebody asks about work. Each line is a group.
const ALIKE: &[&str] = &[
    "critic sceptic skeptic opponent doubter objector sceptical detractor",
    "afraid fear feared scared anxious fearful",
    "wrong fail failed failure failing mistake error badly",
    "teach train trained coach coached mentor learn",
    "persuade convince win",
    "believe believed assume assumed assumption think",
    "rescue recover recovery turnaround",
    "conflict dispute disagree disagreed disagreement argued",
    "cut reduce reduced fall lower lowered drop dropped",
    "grow increase increased rise raise",
    "contradict contradicted overturned disproved",
    "deadline date schedule",
    "launch launched release released opening",
    "boss manager leader executive",
    "money cost budget spend",
    "hire hired hiring recruit recruited",
    "quit resign resigned leave leaving",
    "programme program",
    "modernise modernize modernised modernisation modernization legacy",
    "secure security protect protected",
    "privacy personal private individual",
    "proud achievement accomplishment",
    "weakness feedback",
];

/// Past forms that no stemmer finds, each before its verb.
const PASTS: &str = "began begin bought buy broke break brought bring built build chose choose drew draw \
    fell fall fallen fall found find gave give grew grow held hold hid hide kept keep led lead left leave \
    lost lose made make met meet paid pay ran run rose rise saw see sent send sold sell spent spend \
    spoke speak taught teach thought think told tell took take understood understand won win wrote write";

/// The stemmer would make these the same as another word: `person`, `critic`, `programme`.
const UNSTEMMED: &str = "personal critical programmer programmers";

/// Tells whether a lower-case word is its own stem.
pub(crate) fn is_unstemmed(word: &str) -> bool {
    listed(UNSTEMMED, word)
}

/// Returns the verb of an irregular past form, any other word unchanged.
pub(crate) fn present(word: &str) -> &str {
    let mut pasts = PASTS.split_ascii_whitespace();
    while let (Some(past), Some(verb)) = (pasts.next(), pasts.next()) {
        if past == word {
            return verb;
        }
    }
    word
}

/// Tells whether a lower-case word is left out everywhere.
pub(crate) fn is_stop(word: &str) -> bool {
    listed(STOP, word)
}

/// Tells whether a lower-case word says nothing about the subject of a question.
pub(crate) fn is_weak(word: &str) -> bool {
    listed(WEAK, word)
}

/// Tells whether a lower-case word stands in a list.
pub(crate) fn listed(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

/// Returns what means nearly the same as a lower-case word, itself left out.
pub(crate) fn alike(word: &str) -> impl Iterator<Item = &'static str> + '_ {
    ALIKE
        .iter()
        .filter(move |group| listed(group, word))
        .flat_map(|group| group.split_ascii_whitespace())
        .filter(move |other| *other != word)
}

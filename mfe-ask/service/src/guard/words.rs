//! What words look like: a list of English, the function words of other languages, and how likely letters
//! follow each other.
//!
//! Not here: the words of the stories; those are the corpus' own.

use std::{collections::HashSet, sync::LazyLock};

static ENGLISH: LazyLock<HashSet<&'static str>> = LazyLock::new(|| list().collect());
static LETTERS: LazyLock<Letters> = LazyLock::new(|| Letters::of(list()));

/// Endings that the list leaves out, each with what may stand in its place.
const ENDINGS: [(&str, &[&str]); 12] = [
    ("s", &[""]),
    ("es", &[""]),
    ("ies", &["y"]),
    ("ed", &["", "e"]),
    ("ied", &["y"]),
    ("ing", &["", "e"]),
    ("ly", &["", "le"]),
    ("ness", &[""]),
    ("er", &["", "e"]),
    ("ers", &["", "e"]),
    ("ment", &[""]),
    ("able", &["", "e"]),
];
/// British spellings, each with the American one, which the list has.
const SPELLINGS: [(&str, &str); 7] = [
    ("is", "iz"),
    ("our", "or"),
    ("tre", "ter"),
    ("ogue", "og"),
    ("yse", "yze"),
    ("ll", "l"),
    ("amme", "am"),
];
/// Function words of other languages, each line one language.
const FOREIGN: &[&str] = &[
    "der die das und ist nicht du sie wie was wer wo warum mit fur von den dem ein eine hast haben sind wurde zu auf bei uber dein deine ihr ihre kannst welche erzahl mir im als auch",
    "le la les des est et que qui quoi comment pourquoi ou vous tu avez as dans pour avec sur une un du de votre ton ta quel quelle quels sont etes ete fait parle moi au aux ce mes",
    "el la los las es y que quien como por para con en una un del de tu su cual cuales cuando donde tiene tienes has hiciste sobre me al lo fue son mas",
    "o os as e que quem como por para com em uma um do da de seu sua voce qual quais quando onde tem fez sobre me no na foi sao mais",
    "il lo la gli le e che chi come perche per con in una un del della di tuo tua quale quali quando dove hai fatto sono sei mi nel",
    "de het een en is wat wie hoe waar waarom met voor van je jij jouw heb hebt bent op bij over aan niet zijn welke",
    "i w z na jest co kto jak gdzie dlaczego czy do od o ty twoje twoj sie nie ma byl byla masz",
    "och ar vad vem hur var varfor med for av en ett du din ditt har pa om inte som det den",
    "ve bir bu ne kim nasil nerede neden icin ile sen senin mi mu var de da",
];

fn list() -> impl Iterator<Item = &'static str> {
    include_str!("words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
}

/// Tells whether a word in lower case is on the list as it stands.
pub(super) fn is_listed(word: &str) -> bool {
    ENGLISH.contains(word)
}

/// Tells whether a word in lower case is English.
pub(super) fn is_english(word: &str) -> bool {
    let listed = |word: &str| ENGLISH.contains(word);
    let inflected = |word: &str| {
        listed(word)
            || ENDINGS.iter().any(|(ending, places)| {
                word.strip_suffix(ending).is_some_and(|head| {
                    let bytes = head.as_bytes();
                    let doubled = matches!(bytes, [.., a, b] if a == b) && head.len() > 3;
                    head.len() > 1
                        && (places.iter().any(|place| listed(&[head, place].concat()))
                            || (doubled && listed(&head[..head.len() - 1])))
                })
            })
    };
    let contracted = word.strip_suffix("n't").is_some_and(listed);
    word.is_ascii()
        && (inflected(word)
            || contracted
            || matches!(word, "s" | "re" | "ve" | "ll" | "d" | "m" | "can't" | "won't" | "don't")
            || SPELLINGS.iter().any(|(british, american)| {
                word.contains(british) && inflected(&word.replacen(british, american, 1))
            }))
}

/// Tells whether words are of another language: a quarter of them, and two at least, are its small words,
/// and fewer are English.
pub(super) fn is_foreign<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let mut distinct: Vec<_> = words.collect();
    distinct.sort_unstable();
    distinct.dedup();
    let count = |list: &&str| distinct.iter().filter(|w| list.split(' ').any(|l| l == **w)).count();
    let small = FOREIGN.iter().map(count).max().unwrap_or(0);
    let english = distinct.iter().filter(|word| is_english(word)).count();
    small >= 2 && small * 4 >= distinct.len() && english * 2 < distinct.len() + small
}

/// Tells whether a word in lower case could be a word of some language that is written in Latin letters.
pub(super) fn is_plausible(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let vowels = word.chars().filter(|c| "aeiouy".contains(*c)).count();
    letters < 25 && vowels * 6 >= letters && !is_run(word) && LETTERS.likelihood(word) > UNLIKELY
}

/// No longer word is looked for among its neighbours.
const LONGEST: usize = 24;
/// Below, letters follow each other as in no English word; from the list itself, whose least likely
/// hundredth lies there.
const UNLIKELY: f32 = -3.6;

/// Tells whether most keys of a word lie side by side.
fn is_run(word: &str) -> bool {
    const ROWS: [&str; 4] = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"];
    let beside = |a: char, b: char| {
        ROWS.iter().any(|row| match (row.find(a), row.find(b)) {
            (Some(a), Some(b)) => a.abs_diff(b) <= 1,
            _ => false,
        })
    };
    let letters: Vec<char> = word.chars().collect();
    let pairs = letters.windows(2).filter(|pair| beside(pair[0], pair[1])).count();
    letters.len() > 3 && pairs * 4 >= (letters.len() - 1) * 3
}

/// How often each letter follows two others; 0 is the edge of a word.
#[derive(Debug)]
struct Letters {
    threes: Vec<f32>,
}

const SIGNS: usize = 27;

impl Letters {
    fn of(words: impl Iterator<Item = &'static str>) -> Self {
        let mut threes = vec![0.2; SIGNS * SIGNS * SIGNS];
        for word in words {
            for place in places(word) {
                threes[place] += 1.0;
            }
        }
        for follow in threes.chunks_exact_mut(SIGNS) {
            let all: f32 = follow.iter().sum();
            follow.iter_mut().for_each(|count| *count = (*count / all).ln());
        }
        Self { threes }
    }

    /// Returns the mean logarithm of how likely each letter follows the two before it.
    fn likelihood(&self, word: &str) -> f32 {
        let (sum, count) = places(word)
            .fold((0.0, 0.0), |(sum, count), place| (sum + self.threes[place], count + 1.0));
        sum / f32::max(count, 1.0)
    }
}

/// Returns the place of each three letters of a word.
fn places(word: &str) -> impl Iterator<Item = usize> + '_ {
    let sign = |byte: u8| match byte {
        b'a'..=b'z' => usize::from(byte - b'a') + 1,
        _ => 0,
    };
    let mut before = (0, 0);
    word.bytes().map(sign).chain([0]).map(move |next| {
        let place = (before.0 * SIGNS + before.1) * SIGNS + next;
        before = (before.1, next);
        place
    })
}

/// Calls `is` with each word that is one edit away (a letter more, less, another, or two swapped), until it holds.
pub(super) fn is_near(word: &str, is: impl Fn(&str) -> bool) -> bool {
    let letters = word.as_bytes();
    // The time grows with the square of the length, and no word is longer.
    if word.len() > LONGEST || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return false;
    }
    let mut edited = Vec::with_capacity(letters.len() + 1);
    let mut holds = |parts: [&[u8]; 3]| {
        edited.clear();
        parts.iter().for_each(|part| edited.extend_from_slice(part));
        std::str::from_utf8(&edited).is_ok_and(&is)
    };
    (0..=letters.len()).any(|at| {
        let (head, tail) = letters.split_at(at);
        let rest = tail.get(1..);
        let swapped = matches!(tail, [a, b, rest @ ..] if holds([head, &[*b, *a], rest]));
        swapped
            || rest.is_some_and(|rest| holds([head, &[], rest]))
            || (b'a'..=b'z').any(|letter| {
                rest.is_some_and(|rest| holds([head, &[letter], rest]))
                    || holds([head, &[letter], tail])
            })
    })
}

#[cfg(test)]
mod tests {
    use super::{is_english, is_foreign, is_near, is_plausible};

    #[test]
    fn english_words_are_known_in_all_their_forms() {
        for word in
            ["the", "modernised", "programmes", "running", "parties", "colour", "stopped", "didn't"]
        {
            assert!(is_english(word), "{word}");
        }
        for word in ["blorf", "asdf", "wie", ""] {
            assert!(!is_english(word), "{word}");
        }
    }

    #[test]
    fn letters_tell_words_from_noise() {
        for word in ["grafana", "terraform", "kubernetes", "snowflake", "halyard"] {
            assert!(is_plausible(word), "{word}");
        }
        for word in ["asdfgh", "xqzv", "brtk", "qwpoeiuzmx", "zzxq", "fghjk"] {
            assert!(!is_plausible(word), "{word}");
        }
    }

    #[test]
    fn a_word_is_near_by_one_edit() {
        let near = |word| is_near(word, |other| other == "kafka");
        assert!(near("kafk") && near("kafkaa") && near("kakfa") && near("kavka"));
        assert!(!near("kavkaa") && !near("kafka1"));
    }

    #[test]
    fn other_languages_show_by_their_small_words() {
        for (text, other) in [
            ("was hast du bei northbank gemacht", true),
            ("que hiciste en northbank y por que", true),
            ("blorf nidgle wazpum", false),
            ("what was the die cast for", false),
        ] {
            assert_eq!(is_foreign(text.split(' ')), other, "{text}");
        }
    }
}

//! The words that a story is about.

use std::collections::HashMap;

use mfe_stories_api::Story;

/// Distinct words that are kept of a story; the most frequent ones.
const MOST: usize = 64;

/// Words with their numbers, and in how many stories each stands.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: HashMap<String, u32>,
    stories: Vec<u32>,
}

/// The words of one story by number, with how often each stands there; in ascending order.
pub(super) type Counts = Vec<(u32, u16)>;

impl Words {
    /// Counts the words of a story, which is one story more for each of them.
    pub(super) fn add(&mut self, story: &Story) -> Counts {
        let mut counts: HashMap<u32, u16> = HashMap::new();
        let lists = [&story.competencies, &story.use_cases, &story.tags];
        let texts = [&story.title, &story.summary];
        for text in texts.into_iter().chain(lists.into_iter().flatten()) {
            for word in text.split(|c: char| !c.is_alphanumeric()).filter_map(stem) {
                let next = u32::try_from(self.stories.len()).unwrap_or(u32::MAX);
                let number = *self.numbers.entry(word).or_insert(next);
                if number == next {
                    self.stories.push(0);
                }
                let count = counts.entry(number).or_default();
                *count = count.saturating_add(1);
            }
        }
        let mut counts: Counts = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(number, count)| (u16::MAX - count, *number));
        counts.truncate(MOST);
        counts.sort_unstable();
        for (number, _) in &counts {
            self.stories[*number as usize] += 1;
        }
        counts
    }

    /// Takes a story's words out again.
    pub(super) fn remove(&mut self, counts: &Counts) {
        for (number, _) in counts {
            let stories = &mut self.stories[*number as usize];
            *stories = stories.saturating_sub(1);
        }
    }

    /// Returns how much two stories of `total` are about the same, from 0 to 1.
    pub(super) fn cosine(&self, a: &Counts, b: &Counts, total: usize) -> f64 {
        let weight = |(number, count): &(u32, u16)| {
            let stories = f64::from(self.stories[*number as usize]);
            let total = f64::from(u32::try_from(total).unwrap_or(u32::MAX));
            // Smoothed, so that a word of every story weighs next to nothing but never less.
            (1.0 + f64::from(*count).ln()) * ((total + 1.0) / (stories + 0.5)).ln().max(0.0)
        };
        let square = |counts: &Counts| counts.iter().map(|word| weight(word).powi(2)).sum::<f64>();
        let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
        let mut shared = 0.0;
        while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
            match x.0.cmp(&y.0) {
                std::cmp::Ordering::Less => left.next(),
                std::cmp::Ordering::Greater => right.next(),
                std::cmp::Ordering::Equal => {
                    shared += weight(x) * weight(y);
                    left.next();
                    right.next()
                }
            };
        }
        let lengths = (square(a) * square(b)).sqrt();
        if lengths > 0.0 { shared / lengths } else { 0.0 }
    }
}

/// Returns a word in the form that is compared: lower case, without a plural's end. Short words mean little.
fn stem(word: &str) -> Option<String> {
    let mut word = word.to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    if word.len() > 4 && word.ends_with('s') && !word.ends_with("ss") {
        word.pop();
    }
    Some(word)
}

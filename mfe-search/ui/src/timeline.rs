//! Results by era.
//!
//! Each era shows its newest few and leads to the rest, so a timeline is short however many stories
//! match. The first hundred results usually hold all that is shown; an era that they leave short is asked
//! for alone.

use std::rc::Rc;

use mfe_search_api::{FacetCount, Hit};

/// Stories shown of an era.
pub(crate) const PER_ERA: u32 = 6;

/// A stretch of a career.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Era {
    pub(crate) name: String,
    /// Matches in it.
    pub(crate) count: u32,
    /// The newest, at most [`PER_ERA`].
    pub(crate) hits: Vec<Rc<Hit>>,
    /// Asked for alone: there is no more to get.
    asked: bool,
}

/// Sorts results, newest first, into the eras that are counted; `only` those, unless it is empty.
pub(crate) fn eras(counts: &[FacetCount], only: &[String], hits: &[Rc<Hit>]) -> Vec<Era> {
    let wanted = |count: &&FacetCount| only.is_empty() || only.contains(&count.value);
    let era = |FacetCount { value, count }: &FacetCount| {
        let of = hits.iter().filter(|hit| hit.era == *value).take(PER_ERA as usize);
        Era { name: value.clone(), count: *count, hits: of.cloned().collect(), asked: false }
    };
    counts.iter().filter(wanted).map(era).collect()
}

/// Returns the name of an era that shows less than it could.
pub(crate) fn incomplete(eras: &[Era]) -> Option<&str> {
    eras.iter().find(|era| is_short(era)).map(|era| era.name.as_str())
}

fn is_short(era: &Era) -> bool {
    !era.asked && era.hits.len() < era.count.min(PER_ERA) as usize
}

/// Fills the era that [`incomplete`] names.
pub(crate) fn complete(eras: &mut [Era], hits: Vec<Hit>) {
    if let Some(era) = eras.iter_mut().find(|era| is_short(era)) {
        era.hits = hits.into_iter().map(Rc::new).collect();
        era.asked = true;
    }
}

/// Orders eras by the start of their newest story, latest first.
pub(crate) fn newest_first(eras: &mut [Era]) {
    let newest = |era: &Era| era.hits.first().map(|hit| hit.start.clone());
    // By insertion: a handful of eras, and the library's sort is 1 KB (brotli).
    for end in 1..eras.len() {
        let mut at = end;
        while at > 0 && newest(&eras[at]) > newest(&eras[at - 1]) {
            eras.swap(at, at - 1);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_search_api::Hit;

    use super::{PER_ERA, complete, eras, incomplete, newest_first};
    use crate::found::tests::{counted, hit};

    fn story(era: &str, start: &str) -> Hit {
        Hit { era: era.to_owned(), start: start.to_owned(), ..hit() }
    }

    #[test]
    fn eras_are_filled_and_then_ordered_by_their_newest_story() {
        let counts = [counted("Old", 9), counted("New", 2), counted("Other", 4)];
        let hits: Vec<_> =
            [story("New", "2021-02"), story("New", "2020-01"), story("Old", "2009-01")]
                .into_iter()
                .map(Rc::new)
                .collect();
        let mut found = eras(&counts, &["Old".to_owned(), "New".to_owned()], &hits);
        assert_eq!(found.len(), 2);
        assert_eq!(incomplete(&found), Some("Old"));
        let more = (0..PER_ERA).map(|month| story("Old", &format!("2008-0{}", 9 - month)));
        complete(&mut found, more.collect());
        assert_eq!(incomplete(&found), None);
        newest_first(&mut found);
        let shown: Vec<_> =
            found.iter().map(|era| (era.name.as_str(), era.count, era.hits.len())).collect();
        assert_eq!(shown, [("New", 2, 2), ("Old", 9, 6)]);
        assert_eq!(eras(&counts, &[], &hits).len(), 3);
    }

    #[test]
    fn an_era_that_stays_short_is_not_asked_for_again() {
        let mut found = eras(&[counted("Gone", 3)], &[], &[]);
        complete(&mut found, Vec::new());
        assert_eq!(incomplete(&found), None);
    }
}

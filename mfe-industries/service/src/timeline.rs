//! Stories by client and time, laid out. Pure; no clock: what goes on reaches to the end of the drawing.
//!
//! Not here: colours, pixels, words. The remote draws what it is told.

use std::cmp::Reverse;

use mfe_industries_api::{Bar, Engagement, Tick, Timeline};

use crate::{grouping::group, story::Story};

/// Room to the right of each bar's start, in thousandths: a finger on the narrowest phone.
const ROOM: u32 = 70;
/// Between two bars of a row.
const GAP: u32 = 5;
/// Labels on the axis.
const TICKS: u32 = 7;
/// The last place where a label still fits.
const LAST_TICK: u32 = 900;
/// Clients of a timeline.
const CLIENTS: usize = 40;
/// Bars of a client.
const BARS: usize = 100;

/// Lays out `stories`; one whose start is no month is left out.
pub(crate) fn timeline(stories: &[&Story]) -> Timeline {
    let mut placed: Vec<Placed<'_>> =
        stories.iter().filter_map(|story| Placed::of(story)).collect();
    let Some(axis) = Axis::around(&placed) else {
        return Timeline { ticks: Vec::new(), engagements: Vec::new() };
    };
    placed.sort_by(|a, b| a.start.cmp(&b.start).then_with(|| a.story.id.cmp(&b.story.id)));
    let mut clients: Vec<_> =
        group(placed, |placed| placed.story.client.as_str()).into_iter().collect();
    clients.sort_by_key(|(_, placed)| Reverse(placed.len()));
    clients.truncate(CLIENTS);
    clients.sort_by_key(|(_, placed)| placed.first().map(|first| first.start));
    let engagements =
        clients.iter().map(|(client, placed)| axis.engagement(client, placed)).collect();
    Timeline { ticks: axis.ticks(), engagements }
}

/// A story with its months, counted from the year 0.
struct Placed<'a> {
    story: &'a Story,
    start: u32,
    /// After the last month; none while it goes on.
    end: Option<u32>,
}

impl<'a> Placed<'a> {
    fn of(story: &'a Story) -> Option<Self> {
        let start = month(&story.start)?;
        // An end that is no month, or before the start, says nothing: one month is drawn.
        let end = story.end.as_deref().map(|end| month(end).unwrap_or(start).max(start) + 1);
        Some(Self { story, start, end })
    }
}

/// Returns the months up to a `YYYY-MM`.
fn month(text: &str) -> Option<u32> {
    let (year, month) = text.split_once('-')?;
    let (year, month) = (year.parse::<u16>().ok()?, month.parse::<u32>().ok()?);
    (1..=12).contains(&month).then(|| u32::from(year) * 12 + month - 1)
}

/// Whole years around all stories.
struct Axis {
    from_year: u32,
    years: u32,
}

impl Axis {
    fn around(placed: &[Placed<'_>]) -> Option<Self> {
        let from_year = placed.iter().map(|placed| placed.start).min()? / 12;
        let last_start = placed.iter().map(|placed| placed.start).max()?;
        let last_end = placed.iter().filter_map(|placed| placed.end).max();
        let last = last_end.unwrap_or_default().max(last_start + 1);
        let mut axis = Self { from_year, years: last.div_ceil(12) - from_year };
        // Years are added until the bar that begins last has its room too.
        while axis.offset(last_start) > 1000 - ROOM {
            axis.years += 1;
        }
        Some(axis)
    }

    fn offset(&self, month: u32) -> u32 {
        (month - self.from_year * 12) * 1000 / (self.years * 12)
    }

    fn ticks(&self) -> Vec<Tick> {
        let step = [1, 2, 5, 10, 20, 50, 100].into_iter().find(|step| self.years <= TICKS * step);
        let step = step.unwrap_or(1000);
        let first = self.from_year.next_multiple_of(step);
        (first..self.from_year + self.years)
            .step_by(step as usize)
            .map(|year| Tick { year: year.to_string(), offset: self.offset(year * 12) })
            .filter(|tick| tick.offset <= LAST_TICK)
            .collect()
    }

    /// Gives each bar the first row that has room for it. `placed` are in the order of their starts.
    fn engagement(&self, client: &str, placed: &[Placed<'_>]) -> Engagement {
        let ends: Option<Vec<_>> =
            placed.iter().map(|placed| placed.story.end.as_deref()).collect();
        let mut free: Vec<u32> = Vec::new();
        let mut bars = Vec::new();
        for Placed { story, start, end } in &placed[placed.len().saturating_sub(BARS)..] {
            let offset = self.offset(*start);
            let length = end.map_or(1000, |end| self.offset(end)).saturating_sub(offset).max(1);
            let row = free.iter().position(|free| *free <= offset).unwrap_or(free.len());
            free.resize(free.len().max(row + 1), 0);
            free[row] = offset + length.max(ROOM) + GAP;
            bars.push(Bar {
                id: story.id.clone(),
                title: story.title.clone(),
                start: story.start.clone(),
                end: story.end.clone(),
                offset,
                length,
                row: u32::try_from(row).unwrap_or_default(),
            });
        }
        Engagement {
            client: client.to_owned(),
            count: u32::try_from(placed.len()).unwrap_or(u32::MAX),
            start: placed.first().map(|first| first.story.start.clone()).unwrap_or_default(),
            end: ends.and_then(|ends| ends.into_iter().max().map(str::to_owned)),
            rows: u32::try_from(free.len()).unwrap_or_default(),
            bars,
        }
    }
}

#[cfg(test)]
mod tests;

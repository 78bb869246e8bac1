//! Whether a story may be stored.
//!
//! Not here: types and unknown fields, which decoding refuses before.

use contract::FieldError;

use crate::Story;

/// Ids that the paths of other resources hide.
pub const RESERVED_IDS: [&str; 3] = ["facets", "feed", "import"];
const MAX_ID: usize = 80;
/// Characters of a headline, a name, a facet's value.
const MAX_LINE: usize = 200;
/// Characters of a paragraph.
const MAX_PARAGRAPH: usize = 4_000;
/// Items of a list.
const MAX_ITEMS: usize = 60;
/// Bytes of all texts together. As JSON, where a quote takes two, the story still fits into a request and
/// into a line of a file (1 MiB).
const MAX_TEXT: usize = 400_000;

/// Returns everything that is wrong with `story` when it is written to the path of `id`.
#[must_use]
pub fn problems(id: &str, story: &Story) -> Vec<FieldError> {
    let mut check = Check::default();
    if story.id != id {
        check.fail("id", "must be the id in the path");
    }
    let is_id_char = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
    if story.id.is_empty() || story.id.len() > MAX_ID || !story.id.bytes().all(is_id_char) {
        check.fail("id", "must be 1 to 80 lower-case letters, digits and dashes");
    }
    if RESERVED_IDS.contains(&story.id.as_str()) {
        check.fail("id", "is the path of another resource");
    }
    check.line("title", &story.title);
    check.line("employer", &story.employer);
    if let Some(division) = &story.division {
        check.line("division", division);
    }
    check.line("project", &story.project);
    check.line("scope", &story.scope);
    for (field, value) in [
        ("client", &story.client),
        ("role", &story.role),
        ("industry", &story.industry),
        ("category", &story.category),
        ("capability", &story.capability),
        ("sub_category", &story.sub_category),
        ("theme", &story.theme),
        ("era", &story.era),
    ] {
        check.line(field, value);
        // `|` separates the values of a filter, so a value with it could never be asked for.
        if value.contains('|') || value.trim() != value {
            check.fail(field, "must not contain `|` nor begin or end with a space");
        }
    }
    check.dates(story);
    for (field, value) in [
        ("summary", &story.summary),
        ("person", &story.person),
        ("place", &story.place),
        ("purpose", &story.purpose),
    ] {
        check.text(field, value, MAX_PARAGRAPH);
    }
    for (field, items) in [
        ("situation", &story.situation),
        ("task", &story.task),
        ("action", &story.action),
        ("result", &story.result),
    ] {
        if items.is_empty() {
            check.fail(field, "must have at least one item");
        }
        check.items(field, items);
    }
    for (field, items) in [
        ("process", &story.process),
        ("performance", &story.performance),
        ("competencies", &story.competencies),
        ("use_cases", &story.use_cases),
        ("interview_questions", &story.interview_questions),
        ("tags", &story.tags),
    ] {
        check.items(field, items);
    }
    check.count("metrics", story.metrics.len());
    for (at, metric) in story.metrics.iter().enumerate() {
        check.line(&format!("metrics[{at}].value"), &metric.value);
        check.line(&format!("metrics[{at}].label"), &metric.label);
    }
    if check.bytes > MAX_TEXT {
        check.fail("", format!("a story has at most {MAX_TEXT} bytes of text"));
    }
    check.found
}

#[derive(Default)]
struct Check {
    found: Vec<FieldError>,
    /// Of the texts so far.
    bytes: usize,
}

impl Check {
    fn fail(&mut self, field: &str, detail: impl Into<String>) {
        self.found.push(FieldError { field: field.to_owned(), detail: detail.into() });
    }

    fn line(&mut self, field: &str, value: &str) {
        self.length(field, value, MAX_LINE);
        if value.chars().any(char::is_control) {
            self.fail(field, "must be one line without control characters");
        }
    }

    fn text(&mut self, field: &str, value: &str, max: usize) {
        self.length(field, value, max);
        if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            self.fail(field, "must have no control characters but line ends and tabs");
        }
    }

    fn length(&mut self, field: &str, value: &str, max: usize) {
        self.bytes += value.len();
        if value.trim().is_empty() {
            self.fail(field, "must not be empty");
        } else if value.chars().count() > max {
            self.fail(field, format!("must have at most {max} characters"));
        }
    }

    fn items(&mut self, field: &str, items: &[String]) {
        self.count(field, items.len());
        for (at, item) in items.iter().enumerate().take(MAX_ITEMS) {
            self.text(&format!("{field}[{at}]"), item, MAX_PARAGRAPH);
        }
    }

    fn count(&mut self, field: &str, count: usize) {
        if count > MAX_ITEMS {
            self.fail(field, format!("must have at most {MAX_ITEMS} items"));
        }
    }

    fn dates(&mut self, story: &Story) {
        let start = is_month(&story.start);
        if !start {
            self.fail("start", "must be a month as `YYYY-MM`");
        }
        let Some(end) = &story.end else { return };
        if !is_month(end) {
            self.fail("end", "must be a month as `YYYY-MM`");
        } else if start && *end < story.start {
            // Of the same width, so texts compare as months do.
            self.fail("end", "must not be before `start`");
        }
    }
}

fn is_month(text: &str) -> bool {
    let digits = |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once('-').is_some_and(|(year, month)| {
        digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month)
    })
}

#[cfg(test)]
pub(crate) mod tests;

//! Reading the service's highlighted snippets.
//!
//! The service promises escaped HTML whose only element is `<mark>`, but it is another team's: so the
//! text is taken apart here and built anew as nodes, and nothing else in it can become markup.

/// A stretch of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) text: String,
    /// It matched.
    pub(crate) marked: bool,
}

const ENTITIES: [(&str, char); 8] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
    ("&#x27;", '\''),
    ("&#47;", '/'),
    ("&#x2F;", '/'),
];

/// Splits a snippet at its marks and decodes its entities; any other markup stays as visible text.
pub(crate) fn runs(html: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run::default();
    let mut rest = html;
    while let Some(next) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("<mark>") {
            finish(&mut runs, &mut run, true);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("</mark>") {
            finish(&mut runs, &mut run, false);
            rest = after;
        } else {
            let entity = ENTITIES.iter().find(|(name, _)| rest.starts_with(name));
            let (length, decoded) =
                entity.map_or((next.len_utf8(), next), |(name, c)| (name.len(), *c));
            run.text.push(decoded);
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    finish(&mut runs, &mut run, false);
    runs
}

/// Keeps `run` unless it is empty, and begins the next.
fn finish(runs: &mut Vec<Run>, run: &mut Run, marked: bool) {
    let done = std::mem::replace(run, Run { text: String::new(), marked });
    if !done.text.is_empty() {
        runs.push(done);
    }
}

/// Whether a snippet is all of `text`, only marked.
pub(crate) fn covers(html: &str, text: &str) -> bool {
    runs(html).iter().map(|run| run.text.as_str()).collect::<String>() == text
}

#[cfg(test)]
mod tests {
    use super::{covers, runs};

    fn check(html: &str, expected: &[(&str, bool)]) {
        let runs = runs(html);
        let runs: Vec<_> = runs.iter().map(|run| (run.text.as_str(), run.marked)).collect();
        assert_eq!(runs, expected, "{html}");
    }

    #[test]
    fn a_snippet_is_split_at_its_marks_and_decoded() {
        check("", &[]);
        check("plain – text", &[("plain – text", false)]);
        check("the <mark>Kafka</mark> exit", &[("the ", false), ("Kafka", true), (" exit", false)]);
        check(
            "R&amp;D <mark>&lt;b&gt;</mark> &quot;x&#39;s&quot;",
            &[("R&D ", false), ("<b>", true), (" \"x's\"", false)],
        );
    }

    #[test]
    fn other_markup_stays_text() {
        let hostile = "<img src=x onerror=alert(1)><mark onclick=x>a</mark><script>&bogus;&amp;lt;";
        check(
            hostile,
            &[
                ("<img src=x onerror=alert(1)><mark onclick=x>a", false),
                ("<script>&bogus;&lt;", false),
            ],
        );
        check("<mark>never closed", &[("never closed", true)]);
        check("</mark></mark><mark><mark>twice", &[("twice", true)]);
    }

    #[test]
    fn a_snippet_covers_a_text_that_it_holds_whole() {
        assert!(covers("AI &amp; <mark>Data</mark>", "AI & Data"));
        assert!(!covers("<mark>Data</mark>", "AI & Data"));
    }
}

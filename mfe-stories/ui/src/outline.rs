//! Texts that have a list of their own.
//!
//! A line that begins with `- ` is an entry of a list below the text before it, two spaces deeper each level;
//! any other line goes on where the last one ended.

/// A text and what is listed below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) text: String,
    pub(crate) items: Vec<Self>,
}

/// Levels of lists; what is deeper stands on the last one.
const DEEPEST: usize = 3;

/// Reads a text.
pub(crate) fn outline(text: &str) -> Outline {
    let mut root = Outline::default();
    for line in text.lines() {
        let inner = line.trim_ascii_start();
        match ["- ", "* ", "• "].iter().find_map(|mark| inner.strip_prefix(mark)) {
            Some(entry) => {
                // A tab is a level, as two spaces are.
                let indent = line.bytes().take(line.len() - inner.len());
                let width: usize = indent.map(|b| if b == b'\t' { 2 } else { 1 }).sum();
                let level = (width / 2).min(DEEPEST - 1);
                last(&mut root, level)
                    .items
                    .push(Outline { text: entry.trim_ascii().to_owned(), items: vec![] });
            }
            None if inner.is_empty() => {}
            None => {
                let open = last(&mut root, DEEPEST);
                if !open.text.is_empty() {
                    open.text.push(' ');
                }
                open.text.push_str(inner.trim_ascii_end());
            }
        }
    }
    root
}

/// Returns the last entry, at most `level` levels below the root.
fn last(root: &mut Outline, level: usize) -> &mut Outline {
    let mut at = root;
    for _ in 0..level {
        if at.items.is_empty() {
            break;
        }
        let end = at.items.len() - 1;
        at = &mut at.items[end];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{Outline, outline};

    /// `text(entries)`, for comparing.
    fn shown(outline: &Outline) -> String {
        let items: Vec<_> = outline.items.iter().map(shown).collect();
        if items.is_empty() {
            outline.text.clone()
        } else {
            format!("{}({})", outline.text, items.join("; "))
        }
    }

    #[test]
    fn entries_stand_below_what_they_belong_to() {
        for (text, expected) in [
            ("Plain.", "Plain."),
            ("Plain - with a dash.\nGoes on.", "Plain - with a dash. Goes on."),
            ("Lead:\n- one\n- two", "Lead:(one; two)"),
            ("Lead:\n- one\n  - inner\n  - more\n- two", "Lead:(one(inner; more); two)"),
            ("Lead\n\t- deep first\n- then", "Lead(deep first; then)"),
            ("- one\n  goes on\n* two\n• three", "(one goes on; two; three)"),
            ("a\n- b\n  - c\n    - d\n      - e", "a(b(c(d; e)))"),
            ("a\n\n- \u{5e9}\n-no entry", "a(\u{5e9} -no entry)"),
            ("", ""),
        ] {
            assert_eq!(shown(&outline(text)), expected, "{text}");
        }
    }
}

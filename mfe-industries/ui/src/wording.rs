//! Counts and years in words.

/// Returns `1 story`, `34 stories`.
pub(crate) fn stories(count: u32) -> String {
    counted(count, " story", " stories")
}

/// Returns the count with the right form of its noun; the forms begin with a space.
pub(crate) fn counted(count: u32, one: &str, many: &str) -> String {
    let mut text = count.to_string();
    text.push_str(if count == 1 { one } else { many });
    text
}

/// Returns `2008 – 2018`, `2014` or `since 2019`; months are `shared_ui::period`'s.
pub(crate) fn years(from: &str, to: Option<&str>) -> String {
    match to {
        None => ["since ", from].concat(),
        Some(to) if to == from => from.to_owned(),
        Some(to) => [from, " – ", to].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::{stories, years};

    #[test]
    fn one_story_is_not_plural() {
        assert_eq!([stories(1), stories(0), stories(34)], ["1 story", "0 stories", "34 stories"]);
    }

    #[test]
    fn years_are_a_span_a_year_or_open() {
        assert_eq!(years("2008", Some("2018")), "2008 – 2018");
        assert_eq!(years("2014", Some("2014")), "2014");
        assert_eq!(years("2019", None), "since 2019");
    }
}

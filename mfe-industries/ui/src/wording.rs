//! Counts and times in words.

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

/// Returns `2008 – 2018`, `2014` or `since 2019`.
pub(crate) fn years(from: &str, to: Option<&str>) -> String {
    span(from, to)
}

/// Returns `Mar 2017 – Oct 2018`, `Mar 2017` or `since Mar 2022` for months written `YYYY-MM`.
pub(crate) fn period(start: &str, end: Option<&str>) -> String {
    span(&month(start), end.map(month).as_deref())
}

fn span(from: &str, to: Option<&str>) -> String {
    match to {
        None => ["since ", from].concat(),
        Some(to) if to == from => from.to_owned(),
        Some(to) => [from, " – ", to].concat(),
    }
}

/// Returns `Mar 2017` for `2017-03`, and anything else as it is.
fn month(text: &str) -> String {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let named = text.split_once('-').and_then(|(year, month)| {
        let index = month.parse::<usize>().ok()?.checked_sub(1)?;
        Some([*NAMES.get(index)?, " ", year].concat())
    });
    named.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{period, stories, years};

    #[test]
    fn one_story_is_not_plural() {
        assert_eq!([stories(1), stories(0), stories(34)], ["1 story", "0 stories", "34 stories"]);
    }

    #[test]
    fn periods_are_short_and_never_lose_what_they_cannot_read() {
        for (start, end, text) in [
            ("2017-03", Some("2018-10"), "Mar 2017 – Oct 2018"),
            ("2017-12", Some("2017-12"), "Dec 2017"),
            ("2022-03", None, "since Mar 2022"),
            ("2022", Some("2023-13"), "2022 – 2023-13"),
            ("2022-00", None, "since 2022-00"),
        ] {
            assert_eq!(period(start, end), text);
        }
    }

    #[test]
    fn years_are_a_span_a_year_or_open() {
        assert_eq!(years("2008", Some("2018")), "2008 – 2018");
        assert_eq!(years("2014", Some("2014")), "2014");
        assert_eq!(years("2019", None), "since 2019");
    }
}

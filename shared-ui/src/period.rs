//! Stretches of time, as people write them.

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Writes a stretch between two `YYYY-MM`: `Mar 2017 – Oct 2018`, within one month `Mar 2017`, without
/// an end `since Mar 2022`. A bound of another form stays as it is.
#[must_use]
pub fn period(start: &str, end: Option<&str>) -> String {
    match end {
        None => ["since ", &month(start)].concat(),
        Some(end) if end == start => month(start),
        Some(end) => [month(start).as_str(), " – ", &month(end)].concat(),
    }
}

fn month(text: &str) -> String {
    let named = text.split_once('-').and_then(|(year, month)| {
        let index = month.parse::<usize>().ok()?.checked_sub(1)?;
        Some([*MONTHS.get(index)?, " ", year].concat())
    });
    named.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn a_period_reads_as_people_write_it() {
        assert_eq!(period("2017-03", Some("2018-10")), "Mar 2017 – Oct 2018");
        assert_eq!(period("2020-12", Some("2020-12")), "Dec 2020");
        assert_eq!(period("2022-01", None), "since Jan 2022");
    }

    #[test]
    fn a_bound_of_another_form_stays_as_it_is() {
        assert_eq!(period("2017-13", Some("2018")), "2017-13 – 2018");
        assert_eq!(period("2017-00", Some("spring-03-x")), "2017-00 – spring-03-x");
    }
}

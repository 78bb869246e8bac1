//! Values of the domains' keys.

use std::{fmt::Display, marker::PhantomData, str::FromStr, time::Duration};

use super::{Codec, Shape};
use crate::upstream::{Deadline, config::is_path};

/// A whole number, at least one.
pub(in crate::config) struct Count<T>(PhantomData<T>);

impl<T: FromStr + Display + PartialOrd + From<u8>> Codec for Count<T> {
    type Value = T;
    const SHAPE: Shape = Shape::Number;

    fn parse(text: &str) -> Option<T> {
        text.parse().ok().filter(|count| *count >= T::from(1))
    }

    fn text(value: &T) -> String {
        value.to_string()
    }
}

/// A share in whole percent.
pub(in crate::config) struct Share;

impl Codec for Share {
    type Value = u8;
    const SHAPE: Shape = Shape::Number;

    fn parse(text: &str) -> Option<u8> {
        text.parse().ok().filter(|percent| *percent <= 100)
    }

    fn text(value: &u8) -> String {
        value.to_string()
    }
}

/// A path on an instance.
pub(in crate::config) struct Path;

impl Codec for Path {
    type Value = String;
    const SHAPE: Shape = Shape::Text;

    fn parse(text: &str) -> Option<String> {
        is_path(text).then(|| text.to_owned())
    }

    fn text(value: &String) -> String {
        value.clone()
    }
}

/// Paths below the domain's, each with its time in milliseconds: `/reports=60000|/reports/new=90000`.
pub(in crate::config) struct Deadlines;

impl Codec for Deadlines {
    type Value = Vec<Deadline>;
    const SHAPE: Shape = Shape::Text;

    fn parse(text: &str) -> Option<Vec<Deadline>> {
        let one = |text: &str| {
            let (path, millis) = text.trim().split_once('=')?;
            let millis = millis.parse::<u32>().ok().filter(|millis| *millis > 0)?;
            let head = Duration::from_millis(millis.into());
            Some(Deadline { path: Path::parse(path)?, head })
        };
        text.split('|').filter(|text| !text.trim().is_empty()).map(one).collect()
    }

    fn text(value: &Vec<Deadline>) -> String {
        let one = |Deadline { path, head }: &Deadline| format!("{path}={}", head.as_millis());
        value.iter().map(one).collect::<Vec<_>>().join("|")
    }
}

#[cfg(test)]
mod tests {
    use super::{Codec, Count, Deadlines, Share};

    #[test]
    fn deadlines_read_as_they_are_written() {
        for text in ["", "/a=1", "/a=60000|/a/b=90000"] {
            assert_eq!(Deadlines::text(&Deadlines::parse(text).unwrap()), text);
        }
        for bad in ["a=1", "/a", "/a=0", "/a=x", "/a=1,/b=2", "/a b=1"] {
            assert_eq!(Deadlines::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn counts_and_shares_have_bounds() {
        assert_eq!([0, 1].map(|n| Count::<u32>::parse(&n.to_string())), [None, Some(1)]);
        assert_eq!([100, 101].map(|n| Share::parse(&n.to_string())), [Some(100), None]);
    }
}

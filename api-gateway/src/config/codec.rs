//! How each kind of value is written: the same text in the file and in the environment.

mod domains;

use std::{fmt::Display, marker::PhantomData, path::PathBuf, str::FromStr, time::Duration};

use crate::{Networks, Rate, Secret};

pub(super) use domains::{Count, Deadlines, Path, Share};

/// What a value looks like in TOML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A string.
    Text,
    /// An integer or a float.
    Number,
    /// `true` or `false`; `on` or `off` in the environment.
    Switch,
    /// An array of strings; separated by commas in the environment.
    List,
}

/// One way to write values.
pub(super) trait Codec {
    type Value;
    const SHAPE: Shape;
    /// `None` for what cannot be understood.
    fn parse(text: &str) -> Option<Self::Value>;
    fn text(value: &Self::Value) -> String;
}

/// What parses from the text that it prints.
pub(super) struct Text<T>(PhantomData<T>);

impl<T: FromStr + Display> Codec for Text<T> {
    type Value = T;
    const SHAPE: Shape = Shape::Text;

    fn parse(text: &str) -> Option<T> {
        text.parse().ok()
    }

    fn text(value: &T) -> String {
        value.to_string()
    }
}

/// A file or folder.
pub(super) struct Folder;

impl Codec for Folder {
    type Value = PathBuf;
    const SHAPE: Shape = Shape::Text;

    fn parse(text: &str) -> Option<PathBuf> {
        Some(text.into())
    }

    fn text(value: &PathBuf) -> String {
        value.to_string_lossy().into_owned()
    }
}

/// A file that need not be; the empty text is none.
pub(super) struct File;

impl Codec for File {
    type Value = Option<PathBuf>;
    const SHAPE: Shape = Shape::Text;

    fn parse(text: &str) -> Option<Option<PathBuf>> {
        Some((!text.is_empty()).then(|| text.into()))
    }

    fn text(value: &Option<PathBuf>) -> String {
        value.as_ref().map(Folder::text).unwrap_or_default()
    }
}

/// A secret that need not be; the empty text is none.
pub(super) struct MaybeSecret;

impl Codec for MaybeSecret {
    type Value = Option<Secret>;
    const SHAPE: Shape = Shape::Text;

    fn parse(text: &str) -> Option<Option<Secret>> {
        Some((!text.is_empty()).then(|| text.into()))
    }

    fn text(value: &Option<Secret>) -> String {
        value.as_ref().map(Secret::expose).unwrap_or_default().to_owned()
    }
}

/// A whole number.
pub(super) struct Number<T>(PhantomData<T>);

impl<T: FromStr + Display> Codec for Number<T> {
    type Value = T;
    const SHAPE: Shape = Shape::Number;

    fn parse(text: &str) -> Option<T> {
        text.parse().ok()
    }

    fn text(value: &T) -> String {
        value.to_string()
    }
}

/// A size that the head of a request must fit in.
pub(super) struct HeadBytes;

impl Codec for HeadBytes {
    type Value = u32;
    const SHAPE: Shape = Shape::Number;

    fn parse(text: &str) -> Option<u32> {
        // hyper reads in buffers of at least so much.
        text.parse().ok().filter(|bytes| (8192..=1 << 20).contains(bytes))
    }

    fn text(value: &u32) -> String {
        value.to_string()
    }
}

/// A share in percent.
pub(super) struct Percent;

impl Codec for Percent {
    type Value = f64;
    const SHAPE: Shape = Shape::Number;

    fn parse(text: &str) -> Option<f64> {
        // No number is in a range that is not one itself: `NaN` would let every share exceed it.
        text.parse().ok().filter(|percent| (0.0..=100.0).contains(percent))
    }

    fn text(value: &f64) -> String {
        value.to_string()
    }
}

/// A time in milliseconds, at least one.
pub(super) struct Millis;

impl Codec for Millis {
    type Value = Duration;
    const SHAPE: Shape = Shape::Number;

    fn parse(text: &str) -> Option<Duration> {
        let millis: u32 = text.parse().ok()?;
        (millis > 0).then(|| Duration::from_millis(millis.into()))
    }

    fn text(value: &Duration) -> String {
        value.as_millis().to_string()
    }
}

/// A time in minutes that the code has in seconds.
pub(super) struct Minutes;

impl Codec for Minutes {
    type Value = u64;
    const SHAPE: Shape = Shape::Number;

    fn parse(text: &str) -> Option<u64> {
        let minutes: u32 = text.parse().ok()?;
        Some(u64::from(minutes) * 60)
    }

    fn text(value: &u64) -> String {
        (value / 60).to_string()
    }
}

/// On or off.
pub(super) struct Switch;

impl Codec for Switch {
    type Value = bool;
    const SHAPE: Shape = Shape::Switch;

    fn parse(text: &str) -> Option<bool> {
        match text {
            "on" | "true" => Some(true),
            "off" | "false" => Some(false),
            _ => None,
        }
    }

    fn text(value: &bool) -> String {
        if *value { "on" } else { "off" }.to_owned()
    }
}

/// Origins as they may stand in a content security policy, and nothing that could end one.
pub(super) struct Sources;

impl Codec for Sources {
    type Value = Vec<String>;
    const SHAPE: Shape = Shape::List;

    fn parse(list: &str) -> Option<Vec<String>> {
        let source = |origin: &str| {
            let host =
                origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"))?;
            let plain = |b: u8| b.is_ascii_alphanumeric() || b".-:*[]".contains(&b);
            (!host.is_empty() && host.bytes().all(plain)).then(|| origin.to_owned())
        };
        items(list).map(source).collect()
    }

    fn text(value: &Vec<String>) -> String {
        value.join(",")
    }
}

/// Origins exactly as browsers send them.
pub(super) struct Origins;

impl Codec for Origins {
    type Value = Vec<String>;
    const SHAPE: Shape = Shape::List;

    fn parse(list: &str) -> Option<Vec<String>> {
        let origin = |text: &str| {
            let url = url::Url::parse(text).ok()?;
            let is_web = matches!(url.scheme(), "http" | "https");
            // One that is written in another way would never match.
            (is_web && url.origin().ascii_serialization() == text).then(|| text.to_owned())
        };
        items(list).map(origin).collect()
    }

    fn text(value: &Vec<String>) -> String {
        value.join(",")
    }
}

/// A list of what parses from the text that it prints.
pub(super) struct Texts<T>(PhantomData<T>);

impl<T: FromStr + Display> Codec for Texts<T> {
    type Value = Vec<T>;
    const SHAPE: Shape = Shape::List;

    fn parse(list: &str) -> Option<Vec<T>> {
        items(list).map(|item| item.parse().ok()).collect()
    }

    fn text(value: &Vec<T>) -> String {
        value.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

/// Networks, or single addresses.
pub(super) struct Nets;

impl Codec for Nets {
    type Value = Networks;
    const SHAPE: Shape = Shape::List;

    fn parse(list: &str) -> Option<Networks> {
        Networks::parse(items(list))
    }

    fn text(value: &Networks) -> String {
        value.to_string()
    }
}

/// A rate, or none.
pub(super) struct MaybeRate;

impl Codec for MaybeRate {
    type Value = Option<Rate>;
    const SHAPE: Shape = Shape::Text;

    fn parse(text: &str) -> Option<Option<Rate>> {
        if text == "off" { Some(None) } else { text.parse().ok().map(Some) }
    }

    fn text(value: &Option<Rate>) -> String {
        value.map_or_else(|| "off".to_owned(), |rate| rate.to_string())
    }
}

/// Returns what a list has, without spaces around it.
pub(super) fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Codec, Millis, Origins, Percent, Sources};

    #[test]
    fn a_share_is_a_number_from_0_to_100() {
        assert_eq!(Percent::parse("7.5"), Some(7.5));
        for bad in ["NaN", "inf", "-1", "101", "5 %", ""] {
            assert_eq!(Percent::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn no_time_at_all_is_no_time() {
        assert_eq!(Millis::parse("1").map(|time| time.as_millis()), Some(1));
        for bad in ["0", "-1", "1.5", "1s", "4294967296"] {
            assert_eq!(Millis::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        let list = Origins::parse("http://localhost:3000, https://friend.example");
        assert_eq!(list.unwrap_or_default(), ["http://localhost:3000", "https://friend.example"]);
        for bad in [
            "*",
            "null",
            "friend.example",
            "https://a/",
            "https://A",
            "https://a:443",
            "file://x",
            "https://a/b",
        ] {
            assert_eq!(Origins::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_origin_cannot_end_the_policy_that_it_stands_in() {
        let list = Sources::parse("http://localhost:*, https://dev.example").unwrap_or_default();
        assert_eq!(list, ["http://localhost:*", "https://dev.example"]);
        for bad in
            ["*", "localhost", "http://", "http://x; script-src *", "http://x/path", "http://x y"]
        {
            assert_eq!(Sources::parse(bad), None, "{bad}");
        }
    }
}

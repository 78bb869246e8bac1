//! A TOML document as a list of what it sets.

use toml::{
    Spanned,
    de::{DeTable, DeValue, Error},
};

use super::codec::Shape;

/// One key and what stands at it.
#[derive(Debug)]
pub(super) struct Given {
    /// With its tables: `server.listen`.
    pub(super) key: String,
    /// From 1.
    pub(super) line: usize,
    /// As written.
    pub(super) source: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Text(String),
    Number(String),
    Switch(bool),
    List(Vec<String>),
    /// Nothing that a key could hold.
    Other,
}

/// A place in the document that is no TOML.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) line: usize,
    pub(super) message: String,
}

/// Returns all that a document sets, with all its mistakes. `is_table` tells which tables have keys below
/// them; what is below another one is not looked at.
pub(super) fn read(text: &str, is_table: &dyn Fn(&str) -> bool) -> (Vec<Given>, Vec<Broken>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut given = Vec::new();
    flatten(text, "", table.get_ref(), is_table, &mut given);
    given.sort_by_key(|given| given.line);
    let broken = |error: Error| Broken {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    };
    (given, errors.into_iter().map(broken).collect())
}

fn flatten(
    text: &str,
    prefix: &str,
    table: &DeTable<'_>,
    is_table: &dyn Fn(&str) -> bool,
    given: &mut Vec<Given>,
) {
    for (name, value) in table {
        let key = match prefix {
            "" => name.get_ref().to_string(),
            _ => format!("{prefix}.{}", name.get_ref()),
        };
        match value.get_ref() {
            DeValue::Table(inner) if is_table(&key) => flatten(text, &key, inner, is_table, given),
            _ => given.push(Given {
                key,
                line: line_of(text, name.span().start),
                source: source(text, value),
                kind: kind(value.get_ref()),
            }),
        }
    }
}

fn kind(value: &DeValue<'_>) -> Kind {
    match value {
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Kind::Number(number.as_str().into()),
        DeValue::Float(number) => Kind::Number(number.as_str().into()),
        DeValue::Boolean(on) => Kind::Switch(*on),
        DeValue::Array(items) => {
            let text = |item: &Spanned<DeValue<'_>>| item.get_ref().as_str().map(str::to_owned);
            items.iter().map(text).collect::<Option<_>>().map_or(Kind::Other, Kind::List)
        }
        _ => Kind::Other,
    }
}

fn source(text: &str, value: &Spanned<DeValue<'_>>) -> String {
    if value.get_ref().is_table() {
        return "a table".to_owned();
    }
    let line = text.get(value.span()).unwrap_or_default().lines().next().unwrap_or_default();
    format!("`{line}`")
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

impl Given {
    /// Returns the value as it would stand in the environment, `None` when it has another shape.
    pub(super) fn text(&self, shape: Shape) -> Option<String> {
        match (&self.kind, shape) {
            (Kind::Text(text), Shape::Text) => Some(text.clone()),
            // TOML lets numbers be grouped.
            (Kind::Number(number), Shape::Number) => Some(number.replace('_', "")),
            (Kind::Switch(on), Shape::Switch) => Some(if *on { "on" } else { "off" }.to_owned()),
            (Kind::List(items), Shape::List) => {
                items.iter().all(|item| !item.contains(',')).then(|| items.join(","))
            }
            _ => None,
        }
    }
}

//! Lines in every cut, and what is said of bad ones.

use contract::FieldError;

use super::{Judge, Judged, Line, MAX_LINE, Splitter, write};
use crate::validate::tests::demo;

fn lines(pieces: &[&[u8]]) -> Vec<Option<Vec<u8>>> {
    let mut found = Vec::new();
    let mut on_line = |line: Line<'_>| {
        found.push(match line {
            Line::Bytes(bytes) => Some(bytes.to_vec()),
            Line::TooLong => None,
        });
    };
    let mut splitter = Splitter::default();
    for piece in pieces {
        splitter.push(piece, &mut on_line);
    }
    splitter.finish(&mut on_line);
    found
}

#[test]
fn lines_are_the_same_however_the_file_is_cut() {
    let text = b"one\n\ntwo\r\nthree".as_slice();
    let expected: Vec<_> =
        ["one", "", "two\r", "three"].map(|l| Some(l.as_bytes().to_vec())).into();
    for at in 0..=text.len() {
        for then in at..=text.len() {
            assert_eq!(
                lines(&[&text[..at], &text[at..then], &text[then..]]),
                expected,
                "{at} {then}"
            );
        }
    }
    assert_eq!(lines(&[b"one\n"]).len(), 1);
    assert_eq!(lines(&[b""]).len(), 0);
}

#[test]
fn a_line_that_is_too_long_is_not_kept_and_the_next_is_sound() {
    let longest = vec![b'x'; MAX_LINE];
    let piece = vec![b'x'; 1000];
    assert_eq!(lines(&[&longest, b"\nnext"]), [Some(longest.clone()), Some(b"next".to_vec())]);
    assert_eq!(lines(&[&longest, b"x\nnext\n"]), [None, Some(b"next".to_vec())]);
    let mut splitter = Splitter::default();
    for _ in 0..100_000 {
        splitter.push(&piece, |line| assert_eq!(line, Line::Bytes(b"unreachable")));
        assert!(splitter.begun.capacity() <= 2 * MAX_LINE);
    }
    splitter.finish(|line| assert_eq!(line, Line::TooLong));
}

fn judge(texts: &[&str]) -> Vec<Judged> {
    let mut judge = Judge::default();
    texts.iter().map(|text| judge.judge(Line::Bytes(text.as_bytes()))).collect()
}

#[track_caller]
fn wrong(text: &str, field: &str, detail: &str) {
    let expected = FieldError { field: field.to_owned(), detail: detail.to_owned() };
    assert_eq!(judge(&[text]), [Judged::Wrong(vec![expected])]);
}

#[test]
fn a_story_reads_back_as_it_was_written() {
    let story = demo();
    let text = write(&story).unwrap();
    assert_eq!(judge(&[&["\u{feff}", &text, "\r"].concat()]), [Judged::Story(Box::new(story))]);
    assert_eq!(judge(&["", " \t\r"]), [Judged::Blank, Judged::Blank]);
}

#[test]
fn what_is_wrong_is_said_with_the_field_or_the_column() {
    let good = write(&demo()).unwrap();
    wrong("{\"id\": ", "", "not valid JSON: EOF while parsing a value at column 6");
    wrong(
        &[&good, " x"].concat(),
        "",
        &format!("not valid JSON: trailing characters at column {}", good.len() + 2),
    );
    for text in ["[]", "7", "\"story\"", "null"] {
        wrong(text, "", "must be a JSON object");
    }
    wrong("{}", "", "missing field `id`");
    let typed = good.replace("\"start\":\"2017-03\"", "\"start\":2017");
    wrong(&typed, "start", "invalid type: integer `2017`, expected a string");
    let nested = good.replacen("\"metrics\":[{\"value\":", "\"metrics\":[{\"worth\":", 1);
    wrong(&nested, "metrics[0].worth", "unknown field `worth`, expected `value` or `label`");
    let null = good.replacen("Ledger", "Led\\u0000ger", 1);
    wrong(&null, "project", "must be one line without control characters");
}

#[test]
fn an_id_stands_once_in_a_file() {
    let good = write(&demo()).unwrap();
    let broken = good.replacen("\"start\":\"2017-03\"", "\"start\":\"\"", 1);
    let judged = judge(&[&broken, "", &good, &good]);
    assert!(matches!(judged[2], Judged::Story(_)));
    let detail = "stands on line 3 already".to_owned();
    assert_eq!(judged[3], Judged::Wrong(vec![FieldError { field: "id".to_owned(), detail }]));
}

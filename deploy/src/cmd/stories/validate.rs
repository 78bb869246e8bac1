//! `stories validate`: offline.

use std::{
    fs::File,
    io::{ErrorKind, Read},
};

use anyhow::Context;
use mfe_stories_api::lines::{Judge, Judged, Line, Splitter};
use serde_json::json;

use super::{STANDARD, at, place, shown};
use crate::{failure::Failure, term};

/// Check files without a site
///
/// Each wrong line is told as file, line, field and what is wrong; one is enough for the exit code 1.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// JSON Lines; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<bool> {
    let mut results = Vec::new();
    let mut sound = true;
    for file in &args.files {
        let result = check(file, open(file)?)?;
        sound &= result.errors.is_empty();
        if args.json {
            results.push(
                json!({"file": shown(file), "stories": result.stories, "errors": result.errors}),
            );
            continue;
        }
        for error in &result.errors {
            term::say(&place(file, error));
        }
        let in_order = term::count(result.stories, "line");
        let wrong = term::count(result.wrong, "wrong line");
        term::note(&format!("{}: {in_order} in order, {wrong}", shown(file)));
    }
    if args.json {
        term::json(&results)?;
    }
    Ok(sound)
}

#[derive(Debug, Default)]
struct Checked {
    stories: usize,
    wrong: usize,
    errors: Vec<mfe_stories_api::LineError>,
}

fn check(file: &str, mut from: impl Read) -> anyhow::Result<Checked> {
    let mut checked = Checked::default();
    let mut judge = Judge::default();
    let mut on_line = |line: Line<'_>| match judge.judge(line) {
        Judged::Blank => {}
        Judged::Story(_) => checked.stories += 1,
        Judged::Wrong(wrong) => {
            checked.wrong += 1;
            checked.errors.extend(wrong.into_iter().map(|error| at(judge.line(), error)));
        }
    };
    let mut splitter = Splitter::default();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match from.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => splitter.push(&piece[..read], &mut on_line),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error).context(format!("cannot read {}", shown(file))),
        }
    }
    splitter.finish(on_line);
    Ok(checked)
}

fn open(file: &str) -> anyhow::Result<Box<dyn Read>> {
    if file == STANDARD {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let opened = File::open(file)
        .with_context(|| Failure::usage(format!("cannot read {file}"), "check the file's name"))?;
    Ok(Box::new(opened))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn every_wrong_line_is_told_also_without_an_end_of_line() {
        let checked = check("f", "{}\n\n[]\nnull".as_bytes()).unwrap();
        let told: Vec<_> = checked.errors.iter().map(|e| (e.line, e.detail.as_str())).collect();
        let object = "must be a JSON object";
        assert_eq!(told, [(1, "missing field `id`"), (3, object), (4, object)]);
        assert_eq!((checked.stories, checked.wrong), (0, 3));
    }

    #[test]
    fn the_stories_of_the_site_are_in_order() {
        let demo = include_str!("../../../../mfe-stories/service/stories.jsonl");
        let checked = check("f", demo.as_bytes()).unwrap();
        assert_eq!((checked.stories, checked.errors), (120, vec![]));
    }
}

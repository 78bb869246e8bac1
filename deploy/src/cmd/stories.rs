//! `stories`: takes stories out of a site and puts them into one, as JSON Lines.
//!
//! The only verb that knows a domain of the site; it judges files with the very code of the stories service
//! (`mfe_stories_api::lines`), so that what passes here passes there.

mod export;
mod import;
mod site;
mod validate;

use clap::Subcommand;
use contract::FieldError;
use mfe_stories_api::LineError;

use crate::{cli::Site, term};

/// Export, import and check stories as JSON Lines
///
/// A file has one story a line; `-` is standard input or output.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Import(import::Args),
    Export(export::Args),
    Validate(validate::Args),
}

/// Runs it. `false` when it did what it was asked, but the answer is no: lines are wrong.
pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<bool> {
    match args.action {
        Action::Import(args) => import::run(args, &site).await,
        Action::Export(args) => export::run(args, &site).await.map(|()| true),
        Action::Validate(args) => validate::run(&args),
    }
}

/// Standard input or output, as people write it.
const STANDARD: &str = "-";

/// Returns what a file is called in messages.
fn shown(file: &str) -> &str {
    if file == STANDARD { "<stdin>" } else { file }
}

/// Returns `FILE:LINE: field: what is wrong`, as editors and CI systems can jump to.
fn place(file: &str, error: &LineError) -> String {
    let LineError { line, field, detail } = error;
    let file = shown(file);
    match field.as_str() {
        "" => format!("{file}:{line}: {detail}"),
        field => format!("{file}:{line}: {field}: {detail}"),
    }
}

fn at(line: u64, FieldError { field, detail }: FieldError) -> LineError {
    LineError { line, field, detail }
}

/// Prints what is wrong, to where remarks go, and that some was left out.
fn tell(file: &str, errors: &[LineError], refused: u64) {
    for error in errors {
        term::note(&place(file, error));
    }
    let mut lines: Vec<_> = errors.iter().map(|error| error.line).collect();
    lines.dedup();
    let more = usize::try_from(refused).unwrap_or(usize::MAX).saturating_sub(lines.len());
    if more > 0 {
        term::note(&format!("… and {} more", term::count(more, "wrong line")));
    }
}

#[cfg(test)]
mod tests {
    use mfe_stories_api::LineError;

    use super::place;

    #[test]
    fn an_error_names_file_line_and_field() {
        for (file, field, expected) in [
            ("a.jsonl", "title", "a.jsonl:7: title: must not be empty"),
            ("a.jsonl", "", "a.jsonl:7: must not be empty"),
            ("-", "tags[1]", "<stdin>:7: tags[1]: must not be empty"),
        ] {
            let (field, detail) = (field.to_owned(), "must not be empty".to_owned());
            assert_eq!(place(file, &LineError { line: 7, field, detail }), expected);
        }
    }
}

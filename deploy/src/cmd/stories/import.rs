//! `stories import`: a file into a site, streamed.

use std::pin::Pin;

use anyhow::Context;
use bytes::Bytes;
use futures_util::{Stream, stream};
use mfe_stories_api::{IMPORT, ImportProblem, ImportReport, JSON_LINES};
use reqwest::{StatusCode, header::CONTENT_TYPE};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{
    STANDARD, shown,
    site::{self, Target},
    tell,
};
use crate::{
    cli::Site,
    failure::Failure,
    term::{self, Step},
    up::key,
    workspace::Workspace,
};

/// Put the stories of a file into a site
///
/// Stories that are there are replaced, or stay as they are when nothing of them changed; others are never
/// touched. Each line that was refused is told as file, line, field and what is wrong; one is enough for the
/// exit code 1. Ctrl-C ends it: what was imported by then stays, with --atomic nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// JSON Lines; `-` is standard input
    file: String,
    #[command(flatten)]
    target: Target,
    /// The editors' key [default: --key, or that of the site on this machine]
    #[arg(long, value_name = "KEY", env = "ASTERISM_EDITOR_KEY", hide_env_values = true)]
    editor_key: Option<String>,
    /// All stories, or none when a line is wrong
    #[arg(long)]
    atomic: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, site: &Site) -> anyhow::Result<bool> {
    let Args { file, target, editor_key, atomic, json } = args;
    let local = || target.is_local().then(|| site.data_dir(Workspace::find().ok().as_ref()).ok());
    let own = || key::role_of(&local().flatten()?, "editor");
    let Some(key) = editor_key.or_else(|| site.key.clone()).or_else(own) else {
        let what = "who imports stories must be an editor";
        return Err(
            Failure::usage(what, "give the key: --editor-key or ASTERISM_EDITOR_KEY").into()
        );
    };
    let mut url = target.url(IMPORT, site)?;
    if atomic {
        url.set_query(Some("atomic=true"));
    }
    let from = open(&file).await?;
    let step = Step::begin(format!("Importing {}", shown(&file)));
    let request = site::client()?
        .post(url)
        .bearer_auth(key)
        .header(CONTENT_TYPE, JSON_LINES)
        .body(reqwest::Body::wrap_stream(pieces(from)));
    let answer = site::send(request).await?;
    let status = answer.status();
    let body = answer.bytes().await?;
    let (report, problem) = read(status, &body)?;
    let sound = problem.is_none() && report.refused == 0;
    let told = summary(&report);
    if sound {
        step.done(&told)
    } else {
        step.failed(&told)
    };
    if json {
        term::json(&report)?;
        return Ok(sound);
    }
    tell(&file, &report.errors, report.refused);
    if let Some(problem) = problem {
        return Err(Failure::new(problem.detail, "correct the lines, then import again").into());
    }
    term::say(&told);
    Ok(sound)
}

/// Returns the report, and the problem that it came with.
fn read(status: StatusCode, body: &[u8]) -> anyhow::Result<(ImportReport, Option<ImportProblem>)> {
    if status.is_success() {
        let report = serde_json::from_slice(body).context("the site answers something else")?;
        return Ok((report, None));
    }
    match serde_json::from_slice::<ImportProblem>(body) {
        Ok(problem) if problem.report.lines > 0 => Ok((problem.report.clone(), Some(problem))),
        _ => Err(site::refusal(status, body)),
    }
}

fn summary(report: &ImportReport) -> String {
    let ImportReport { lines, added, replaced, unchanged, refused, .. } = report;
    format!(
        "{lines} lines: {added} added, {replaced} replaced, {unchanged} unchanged, {refused} refused"
    )
}

type Source = Pin<Box<dyn AsyncRead + Send>>;

async fn open(file: &str) -> anyhow::Result<Source> {
    if file == STANDARD {
        return Ok(Box::pin(tokio::io::stdin()));
    }
    let opened = tokio::fs::File::open(file)
        .await
        .with_context(|| Failure::usage(format!("cannot read {file}"), "check the file's name"))?;
    Ok(Box::pin(opened))
}

fn pieces(from: Source) -> impl Stream<Item = std::io::Result<Bytes>> + Send {
    stream::try_unfold(from, |mut from| async move {
        let mut piece = Vec::with_capacity(256 * 1024);
        let read = from.read_buf(&mut piece).await?;
        Ok((read > 0).then(|| (Bytes::from(piece), from)))
    })
}

#[cfg(test)]
mod tests {
    use mfe_stories_api::ImportReport;
    use reqwest::StatusCode;
    use serde_json::json;

    use super::read;

    #[test]
    fn a_refusal_with_a_report_says_what_was_wrong_and_others_say_why() {
        let report = ImportReport { lines: 2, refused: 1, ..ImportReport::default() };
        let ok = serde_json::to_vec(&report).unwrap();
        assert_eq!(read(StatusCode::OK, &ok).unwrap(), (report.clone(), None));
        let problem = json!({"type": "/problems/invalid-lines", "title": "Unprocessable", "status": 422,
            "detail": "1 of 2 lines are wrong", "report": report});
        let (read_report, why) =
            read(StatusCode::UNPROCESSABLE_ENTITY, problem.to_string().as_bytes()).unwrap();
        assert_eq!((read_report, why.unwrap().detail.as_str()), (report, "1 of 2 lines are wrong"));
        let denied = json!({"type": "/problems/not-an-editor", "title": "Unauthorized", "status": 401,
            "detail": "Send the key."});
        let error = read(StatusCode::UNAUTHORIZED, denied.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "Send the key.");
        let error = read(StatusCode::BAD_GATEWAY, b"<html>").unwrap_err();
        assert!(error.to_string().contains("502"), "{error}");
    }
}

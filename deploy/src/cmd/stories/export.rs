//! `stories export`: all stories of a site into a file.

use std::{collections::BTreeMap, io::Write, path::Path};

use anyhow::Context;
use contract::FeedPage;
use mfe_stories_api::{FEED, Story, lines};
use reqwest::{Client, StatusCode, Url};
use serde_json::json;

use super::{
    STANDARD,
    site::{self, Target},
};
use crate::{
    cli::Site,
    process,
    term::{self, Step},
};

/// Stories of one request.
const PAGE: &str = "200";

/// Write all stories of a site into a file
///
/// By id, each with its fields in one order, so that two exports differ only where stories do. What is
/// exported can be imported: nothing is lost. An existing file is replaced once all stories are there.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// JSON Lines; `-` is standard output
    file: String,
    #[command(flatten)]
    target: Target,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, site: &Site) -> anyhow::Result<()> {
    let Args { file, target, json } = args;
    let feed = target.url(FEED, site)?;
    let step = Step::begin("Exporting stories");
    let stories = all(&step, &site::client()?, &feed).await?;
    let mut text = String::new();
    for line in stories.values() {
        text.push_str(line);
        text.push('\n');
    }
    let told = format!("{} stories", stories.len());
    if file == STANDARD {
        // A closed pipe is a failure here: somebody would take the part for the whole.
        std::io::stdout().write_all(text.as_bytes()).context("cannot write all of it")?;
        step.done(&told);
        return Ok(());
    }
    process::write(Path::new(&file), text)?;
    step.done(&told);
    if json {
        return term::json(&json!({"file": file, "stories": stories.len()}));
    }
    term::say(&format!("{file}: {told}"));
    Ok(())
}

/// Reads the feed from its beginning to its end: the lines of all stories by id.
///
/// What changes meanwhile comes once more, and replaces what was read before.
async fn all(step: &Step, client: &Client, feed: &Url) -> anyhow::Result<BTreeMap<String, String>> {
    let mut stories = BTreeMap::new();
    let mut after = None::<String>;
    loop {
        let mut request = client.get(feed.clone()).query(&[("limit", PAGE)]);
        if let Some(cursor) = &after {
            request = request.query(&[("after", cursor)]);
        }
        let answer = site::send(request).await?;
        let (status, body) = (answer.status(), answer.bytes().await?);
        if status == StatusCode::GONE {
            // The store was made anew under our hands.
            (stories, after) = (BTreeMap::new(), None);
            continue;
        }
        if !status.is_success() {
            return Err(site::refusal(status, &body));
        }
        let page: FeedPage<Story> =
            serde_json::from_slice(&body).context("the site answers something else")?;
        let more = page.more;
        after = Some(page.cursor.clone());
        apply(&mut stories, page)?;
        step.detail(&format!("{} stories", stories.len()));
        if !more {
            return Ok(stories);
        }
    }
}

fn apply(stories: &mut BTreeMap<String, String>, page: FeedPage<Story>) -> anyhow::Result<()> {
    for change in page.changes {
        match change.value {
            Some(story) => stories.insert(change.id, lines::write(&story)?),
            None => stories.remove(&change.id),
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use contract::{Change, ChangeKind, FeedPage};
    use mfe_stories_api::Story;

    use super::apply;

    #[test]
    fn what_changed_while_it_was_read_is_exported_once_and_as_it_is_now() {
        let demo = include_str!("../../../../mfe-stories/service/stories.jsonl");
        let story: Story = serde_json::from_str(demo.lines().next().unwrap()).unwrap();
        let change = |title: Option<&str>| Change {
            id: story.id.clone(),
            kind: if title.is_some() { ChangeKind::Upsert } else { ChangeKind::Delete },
            value: title.map(|title| Story { title: title.to_owned(), ..story.clone() }),
        };
        let page = |changes| FeedPage { changes, cursor: String::new(), more: false };
        let mut stories = BTreeMap::new();
        apply(&mut stories, page(vec![change(Some("Then"))])).unwrap();
        apply(&mut stories, page(vec![change(Some("Now"))])).unwrap();
        assert_eq!(stories.len(), 1);
        assert!(stories[&story.id].contains("\"title\":\"Now\""));
        apply(&mut stories, page(vec![change(None)])).unwrap();
        assert!(stories.is_empty());
    }
}

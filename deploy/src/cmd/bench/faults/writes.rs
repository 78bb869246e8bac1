//! What is written while something is broken. What was acknowledged must be there afterwards.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use reqwest::Client;
use serde_json::Value;
use tokio::task::JoinSet;

use super::{
    super::ask::Visitor,
    probes::{BROKEN_OFF, Log, PATIENCE, word},
};

/// Between two questions, and between two edits.
const BETWEEN: Duration = Duration::from_millis(700);
const QUESTION: &str = "How did you reduce the time of month-end closing?";

/// What was acknowledged.
#[derive(Debug, Default)]
struct Acknowledged {
    /// Messages of one conversation, and its visitor.
    messages: Vec<String>,
    visitor: Option<Visitor>,
    /// The newest number that an edit put into a story.
    edit: Option<u64>,
    edits: usize,
}

/// Somebody who asks and somebody who edits, until told to end.
#[derive(Debug)]
pub(super) struct Writes {
    tasks: JoinSet<()>,
    acknowledged: Arc<Mutex<Acknowledged>>,
    client: Client,
    story: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) acknowledged: usize,
    pub(super) lost: usize,
}

impl Writes {
    pub(super) async fn start(url: &str, editor: &str, log: &Log) -> anyhow::Result<Self> {
        let client = Client::builder().timeout(PATIENCE).build()?;
        let stories = [url, "/api/stories"].concat();
        let listed: Value = client.get(&stories).send().await?.error_for_status()?.json().await?;
        let id = listed["results"][0]["id"].as_str().context("the site has no story")?;
        let story = format!("{stories}/{id}");
        let acknowledged = Arc::<Mutex<Acknowledged>>::default();
        let mut tasks = JoinSet::new();
        let visitor = Visitor::new(&client, url);
        tasks.spawn(ask(visitor, acknowledged.clone(), log.clone()));
        let (editor, story_url) = (editor.to_owned(), story.clone());
        tasks.spawn(edit(client.clone(), story_url, editor, acknowledged.clone(), log.clone()));
        Ok(Self { tasks, acknowledged, client, story })
    }

    /// Ends both and looks for what was acknowledged.
    pub(super) async fn end(mut self) -> anyhow::Result<Kept> {
        self.tasks.shutdown().await;
        let acknowledged = {
            let mut told = self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *told)
        };
        let Acknowledged { messages, visitor, edit, edits } = acknowledged;
        let mut lost = 0;
        if let Some(visitor) = visitor {
            let kept = visitor.history().await?;
            lost += messages.iter().filter(|id| !kept.contains(id)).count();
        }
        if let Some(newest) = edit {
            let story: Value = self.client.get(&self.story).send().await?.json().await?;
            let stored = number(&story).unwrap_or_default();
            lost += usize::from(stored < newest);
        }
        Ok(Kept { acknowledged: messages.len() + edits, lost })
    }
}

async fn ask(mut visitor: Visitor, acknowledged: Arc<Mutex<Acknowledged>>, log: Log) {
    loop {
        let answered = visitor.ask(QUESTION).await;
        let failed = answered.as_ref().err().map(failed);
        log.note("ask", failed);
        if let Ok(answer) = answered
            && let Some(id) = answer["message_id"].as_str()
        {
            let mut told = acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
            told.messages.push(id.to_owned());
            told.visitor = Some(visitor.clone());
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

async fn edit(
    client: Client,
    story: String,
    editor: String,
    acknowledged: Arc<Mutex<Acknowledged>>,
    log: Log,
) {
    loop {
        let edited = edit_once(&client, &story, &editor).await;
        log.note("stories", edited.as_ref().err().map(failed));
        if let Ok(number) = edited {
            let mut told = acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
            told.edit = told.edit.max(Some(number));
            told.edits += 1;
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

/// Counts up the number at the end of a story's purpose.
async fn edit_once(client: &Client, story: &str, editor: &str) -> anyhow::Result<u64> {
    let mut value: Value = client.get(story).send().await?.error_for_status()?.json().await?;
    let next = number(&value).unwrap_or_default() + 1;
    let text = value["purpose"].as_str().unwrap_or_default();
    let text = text.split(MARK).next().unwrap_or_default();
    value["purpose"] = Value::from(format!("{text}{MARK}{next}"));
    client.put(story).bearer_auth(editor).json(&value).send().await?.error_for_status()?;
    Ok(next)
}

const MARK: &str = " No. ";

fn number(story: &Value) -> Option<u64> {
    story["purpose"].as_str()?.split_once(MARK)?.1.parse().ok()
}

fn failed(error: &anyhow::Error) -> String {
    error.downcast_ref().map_or_else(|| BROKEN_OFF.to_owned(), word)
}

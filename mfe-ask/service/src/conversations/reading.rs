//! Looking at what a session has, and at what is shared with it.

use mfe_ask_api::{Conversation, History, Judgement, Message, Status};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Conversations, StoreError, decode};
use crate::{Asker, Session};

/// How many conversations are listed at most.
const LISTED: u32 = 200;

const CONVERSATION: &str = "
    SELECT id, title, created_at, updated_at,
           (SELECT count(*) FROM message WHERE conversation = conversation.id), organisation
    FROM conversation";

const MESSAGE: &str = "
    SELECT message.id, question, asked_at, status, answer, problem, helpful, reason
    FROM message";

impl Conversations {
    /// Returns the session's conversations, the last one that was asked something first; at most 200.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list(&self, session: &Session) -> Result<Vec<Conversation>, StoreError> {
        let session = session.clone();
        self.read(move |db| {
            let sql = format!(
                "{CONVERSATION} WHERE session = ?1 ORDER BY updated_at DESC, id LIMIT {LISTED}"
            );
            let mut statement = db.prepare_cached(&sql)?;
            let found = statement.query_map([session.id()], conversation)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Returns what others share in the organisation of who asks, in the same order; at most 200.
    ///
    /// # Errors
    /// The database failed.
    pub async fn shared(&self, who: &Asker) -> Result<Vec<Conversation>, StoreError> {
        let Some(organisation) = who.reads_in().map(str::to_owned) else { return Ok(Vec::new()) };
        let session = who.session().clone();
        self.read(move |db| {
            let sql = format!(
                "{CONVERSATION} WHERE organisation = ?1 AND session <> ?2
                 ORDER BY updated_at DESC, id LIMIT {LISTED}"
            );
            let mut statement = db.prepare_cached(&sql)?;
            let found = statement.query_map([&organisation, session.id()], |row| {
                Ok(Conversation { read_only: true, ..conversation(row)? })
            })?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Returns the last messages of a conversation, or those before a message; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], [`StoreError::NoMessage`] when `before` is none of it; or the
    /// database failed.
    pub async fn history(
        &self,
        who: impl Into<Asker>,
        conversation_id: &str,
        before: Option<String>,
        limit: u32,
    ) -> Result<History, StoreError> {
        let (who, id) = (who.into(), conversation_id.to_owned());
        self.read(move |db| {
            let conversation = readable(db, &who, &id)?;
            let end = match before {
                Some(message) => place(db, &id, &message)?,
                None => u32::MAX,
            };
            // One more tells whether there are earlier ones.
            let sql = format!(
                "{MESSAGE} WHERE conversation = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3"
            );
            let mut statement = db.prepare_cached(&sql)?;
            let mut rows = statement.query(params![id, end, i64::from(limit) + 1])?;
            let (mut messages, mut earlier) = (Vec::new(), None);
            while let Some(row) = rows.next()? {
                if messages.len() as u64 == u64::from(limit) {
                    earlier = messages.last().map(|first: &Message| first.message_id.clone());
                    break;
                }
                messages.push(message(row)?);
            }
            messages.reverse();
            Ok(discreet(History { conversation, messages, earlier }))
        })
        .await
    }

    /// Returns a message with what became of it, `None` when the session has none of this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn message(
        &self,
        session: &Session,
        message_id: &str,
    ) -> Result<Option<Message>, StoreError> {
        let (session, id) = (session.clone(), message_id.to_owned());
        self.read(move |db| {
            let sql = format!(
                "{MESSAGE} JOIN conversation ON conversation.id = conversation
                 WHERE message.id = ?1 AND session = ?2"
            );
            let mut statement = db.prepare_cached(&sql)?;
            let mut rows = statement.query([&id, session.id()])?;
            rows.next()?.map(message).transpose()
        })
        .await
    }

    /// Returns a whole conversation.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], or the database failed.
    pub async fn export(&self, who: impl Into<Asker>, id: &str) -> Result<History, StoreError> {
        let (who, id) = (who.into(), id.to_owned());
        self.read(move |db| {
            let conversation = readable(db, &who, &id)?;
            Ok(discreet(whole(db, conversation)?))
        })
        .await
    }
}

/// Returns a conversation of the session.
pub(super) fn own(
    db: &Connection,
    session: &Session,
    id: &str,
) -> Result<Conversation, StoreError> {
    let sql = format!("{CONVERSATION} WHERE id = ?1 AND session = ?2");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_row([id, session.id()], conversation).optional()?;
    found.ok_or(StoreError::NoConversation)
}

/// Returns a conversation of who asks, or one that is shared with them.
fn readable(db: &Connection, who: &Asker, id: &str) -> Result<Conversation, StoreError> {
    match (own(db, who.session(), id), who.reads_in()) {
        (Err(StoreError::NoConversation), Some(organisation)) => {
            let sql = format!("{CONVERSATION} WHERE id = ?1 AND organisation = ?2");
            let mut statement = db.prepare_cached(&sql)?;
            let found = statement.query_row([id, organisation], conversation).optional()?;
            let found = found.ok_or(StoreError::NoConversation)?;
            Ok(Conversation { read_only: true, ..found })
        }
        (own, _) => own,
    }
}

/// Leaves out what its owner said of the answers to this site, and not to their colleagues.
fn discreet(mut history: History) -> History {
    if history.conversation.read_only {
        history.messages.iter_mut().for_each(|message| message.feedback = None);
    }
    history
}

/// Returns a conversation, whoever's it is, if nothing was asked in it since `before`.
pub(super) fn old(
    db: &Connection,
    id: &str,
    before: &str,
) -> Result<Option<Conversation>, StoreError> {
    let sql = format!("{CONVERSATION} WHERE id = ?1 AND updated_at < ?2");
    Ok(db.prepare_cached(&sql)?.query_row([id, before], conversation).optional()?)
}

/// Returns a conversation with all its messages.
pub(super) fn whole(db: &Connection, conversation: Conversation) -> Result<History, StoreError> {
    let sql = format!("{MESSAGE} WHERE conversation = ?1 ORDER BY seq");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([&conversation.id])?;
    let mut messages = Vec::new();
    while let Some(row) = rows.next()? {
        messages.push(message(row)?);
    }
    Ok(History { conversation, messages, earlier: None })
}

fn place(db: &Connection, conversation: &str, message: &str) -> Result<u32, StoreError> {
    let sql = "SELECT seq FROM message WHERE id = ?1 AND conversation = ?2";
    let mut statement = db.prepare_cached(sql)?;
    let seq = statement.query_row([message, conversation], |row| row.get(0)).optional()?;
    seq.ok_or(StoreError::NoMessage)
}

fn conversation(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    Ok(Conversation {
        id: row.get(0)?,
        title: row.get(1)?,
        created_at: row.get(2)?,
        updated_at: row.get(3)?,
        messages: row.get(4)?,
        shared_with: row.get(5)?,
        read_only: false,
    })
}

fn message(row: &Row<'_>) -> Result<Message, StoreError> {
    let message_id: String = row.get(0)?;
    let question: String = row.get(1)?;
    let status: String = row.get(3)?;
    let answer: Option<String> = row.get(4)?;
    let problem: Option<String> = row.get(5)?;
    let helpful: Option<bool> = row.get(6)?;
    let reason = row.get(7)?;
    Ok(Message {
        question: decode(&message_id, &question)?,
        asked_at: row.get(2)?,
        // The table takes no other.
        status: match status.as_str() {
            "pending" => Status::Pending,
            "done" => Status::Done,
            "stopped" => Status::Stopped,
            _ => Status::Failed,
        },
        answer: answer.map(|answer| decode(&message_id, &answer)).transpose()?,
        problem: problem.map(|problem| decode(&message_id, &problem)).transpose()?,
        feedback: helpful.map(|helpful| Judgement { helpful, reason }),
        message_id,
    })
}

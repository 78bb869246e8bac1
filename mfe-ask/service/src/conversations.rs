//! What was asked and answered, kept in SQLite: each conversation belongs to the session or account that began it,
//! which may share it in its organisation.
//!
//! Every call names the session and is one transaction. An id of somebody else is answered like one that
//! never was, so nobody learns what others have. An answer and the event that tells of it are written
//! together (`outbox`).
//!
//! With WAL and `synchronous=NORMAL` what was committed survives the death of the process; a loss of power
//! may take the last moments, and never leaves half of something. A question is written before its answer
//! is made: what a crash interrupts is found as failed, and can be asked again.
//!
//! Not here: how answers are made, HTTP, whether a cited story still says so (`standing`).

mod changing;
mod error;
mod events;
mod expiry;
mod reading;
mod schema;
mod sharing;
mod title;

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use contract::Problem;
use mfe_ask_api::{Answer, Question};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Serialize, de::DeserializeOwned};
use service_kit::{ApiError, outbox};
use time::{
    OffsetDateTime, UtcOffset,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};
use uuid::Uuid;

use crate::Session;

pub use error::StoreError;
pub use expiry::Expired;
pub(crate) use expiry::every_hour;

/// Questions of one conversation at most.
const MOST_MESSAGES: u32 = 2000;
/// Conversations of one session at most. They are refused beyond it, since nobody's own may disappear for
/// it; 17 a day for as long as they are kept is no person.
const MOST_CONVERSATIONS: u32 = 500;
/// How many answers before it a question is understood by.
const REMEMBERED: u32 = 6;
/// RFC 3339 in UTC, of one length, so that times are in order as texts.
const STAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// The store; clones share it.
#[derive(Clone, Debug)]
pub struct Conversations(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    reader: Mutex<Connection>,
    writer: Mutex<Connection>,
}

/// A question that waits for its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun {
    /// New, or as it was asked for.
    pub conversation_id: String,
    /// Of the question and its answer.
    pub message_id: String,
    /// The last answers of the conversation before it, at most six, in their order.
    pub earlier: Vec<Earlier>,
}

/// An earlier question with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// As it was asked.
    pub question: Question,
    /// As it was given.
    pub answer: Answer,
}

/// How an answer ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is whole, or a refusal.
    Done(Answer),
    /// It was stopped, and is kept as far as it got.
    Stopped(Answer),
    /// There is none.
    Failed(Problem),
}

impl Conversations {
    /// Opens the store in `file`, or makes it. Answers that were being made when the program ended become
    /// failed.
    ///
    /// # Errors
    /// The file is not accessible, no database, or made by a newer program.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let mut writer = Connection::open(file)?;
        schema::configure(&writer)?;
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        schema::create(&tx)?;
        let interrupted = interrupt(&tx, None)?;
        tx.commit()?;
        if interrupted > 0 {
            tracing::warn!(interrupted, "answers were interrupted");
        }
        let reader = Connection::open(file)?;
        schema::configure(&reader)?;
        Ok(Self(Arc::new(Inner { reader: Mutex::new(reader), writer: Mutex::new(writer) })))
    }

    /// Writes a question down, in a new conversation or one of the session's own.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], [`StoreError::NoMessage`] for a retry of what is not there or not to
    /// be retried, [`StoreError::ConversationFull`], [`StoreError::TooMany`]; or the database failed.
    pub async fn begin(
        &self,
        session: &Session,
        asked: Question,
        now: OffsetDateTime,
    ) -> Result<Begun, StoreError> {
        let (session, at) = (session.clone(), stamp(now)?);
        // Whether it is a retry is of this request, and not of the question.
        let (given, retry) = (asked.conversation_id.clone(), asked.retry.clone());
        let question = Question { retry: None, ..asked };
        let body = encode("", &question)?;
        // Nothing is encoded or decoded while others wait for the writer.
        let writing = self.write(move |tx| {
            let conversation = match given {
                Some(id) => go_on(tx, &session, id, &at)?,
                None if retry.is_some() => return Err(StoreError::NoMessage),
                None => create(tx, &session, &title::of(&question.question), &at)?,
            };
            let (message, seq) = match retry {
                Some(message) => again(tx, &conversation, message, &body, &at)?,
                None => append(tx, &conversation, &body, &at)?,
            };
            let earlier = earlier(tx, &conversation, seq)?;
            Ok((conversation, message, earlier))
        });
        let (conversation_id, message_id, earlier) = writing.await?;
        let earlier = earlier.iter().map(|(id, question, answer)| {
            Ok(Earlier { question: decode(id, question)?, answer: decode(id, answer)? })
        });
        let earlier = earlier.collect::<Result<_, StoreError>>()?;
        Ok(Begun { conversation_id, message_id, earlier })
    }

    /// Writes down how an answer ended, with the event that tells of an answer. A message that ended
    /// before, or that was deleted meanwhile, stays as it is.
    ///
    /// # Errors
    /// The database failed.
    pub async fn finish(
        &self,
        message_id: &str,
        outcome: Outcome,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let (id, at) = (message_id.to_owned(), stamp(now)?);
        let (status, body) = match &outcome {
            Outcome::Done(answer) => ("done", encode(&id, answer)?),
            Outcome::Stopped(answer) => ("stopped", encode(&id, answer)?),
            Outcome::Failed(problem) => ("failed", encode(&id, problem)?),
        };
        self.write(move |tx| {
            let Some((conversation, asked_at)) = end(tx, &id, status, &body, &at)? else {
                return Ok(());
            };
            if let Outcome::Done(answer) | Outcome::Stopped(answer) = &outcome {
                let took = now - OffsetDateTime::parse(&asked_at, &Rfc3339)?;
                let event = events::Answered::of(&conversation, &id, answer, took);
                outbox::append(tx, events::ANSWERED, now.unix_timestamp(), &event)?;
            }
            Ok(())
        })
        .await
    }

    /// Does something in one transaction.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(&self.0);
        let writing = tokio::task::spawn_blocking(move || {
            let mut db = lock(&store.writer);
            let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&tx)?;
            tx.commit()?;
            Ok(done)
        });
        writing.await.map_err(StoreError::Interrupted)?
    }

    /// Reads one state of the store.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(&self.0);
        let reading = tokio::task::spawn_blocking(move || {
            let db = lock(&store.reader);
            let db = db.unchecked_transaction()?;
            work(&db)
        });
        reading.await.map_err(StoreError::Interrupted)?
    }
}

fn lock(db: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    // A panic in another thread rolled its transaction back: the connection is sound.
    db.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fails unless a conversation is the session's own.
fn require(db: &Connection, session: &Session, id: &str) -> Result<(), StoreError> {
    let sql = "SELECT 1 FROM conversation WHERE id = ?1 AND session = ?2";
    let found = db.prepare_cached(sql)?.exists([id, session.id()])?;
    if found { Ok(()) } else { Err(StoreError::NoConversation) }
}

fn go_on(db: &Connection, session: &Session, id: String, at: &str) -> Result<String, StoreError> {
    require(db, session, &id)?;
    let sql = "UPDATE conversation SET updated_at = ?2 WHERE id = ?1";
    db.prepare_cached(sql)?.execute([&*id, at])?;
    Ok(id)
}

fn create(db: &Connection, session: &Session, title: &str, at: &str) -> Result<String, StoreError> {
    let sql = "SELECT count(*) FROM conversation WHERE session = ?1";
    let there: u32 = db.prepare_cached(sql)?.query_row([session.id()], |row| row.get(0))?;
    if there >= MOST_CONVERSATIONS {
        return Err(StoreError::TooMany);
    }
    let id = Uuid::new_v4().to_string();
    db.prepare_cached(
        "INSERT INTO conversation (id, session, title, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?4)",
    )?
    .execute([&id, session.id(), title, at])?;
    Ok(id)
}

/// Adds a question at the end; the transaction keeps another tab from taking its place.
fn append(
    db: &Connection,
    conversation: &str,
    question: &str,
    at: &str,
) -> Result<(String, u32), StoreError> {
    let sql = "SELECT coalesce(max(seq), 0) FROM message WHERE conversation = ?1";
    let last: u32 = db.prepare_cached(sql)?.query_row([conversation], |row| row.get(0))?;
    if last >= MOST_MESSAGES {
        return Err(StoreError::ConversationFull);
    }
    let (id, seq) = (Uuid::new_v4().to_string(), last + 1);
    db.prepare_cached(
        "INSERT INTO message (id, conversation, seq, question, asked_at, status)
         VALUES (?1, ?2, ?3, ?4, ?5, 'pending')",
    )?
    .execute(params![id, conversation, seq, question, at])?;
    Ok((id, seq))
}

/// Asks anew what failed or was stopped, in its place.
fn again(
    db: &Connection,
    conversation: &str,
    id: String,
    question: &str,
    at: &str,
) -> Result<(String, u32), StoreError> {
    let sql = "UPDATE message SET question = ?3, asked_at = ?4, status = 'pending', answer = NULL,
                   problem = NULL, helpful = NULL, reason = NULL, finished_at = NULL
               WHERE id = ?1 AND conversation = ?2 AND status IN ('failed', 'stopped')
               RETURNING seq";
    let mut statement = db.prepare_cached(sql)?;
    let seq = statement.query_row([&*id, conversation, question, at], |row| row.get(0));
    Ok((id, seq.optional()?.ok_or(StoreError::NoMessage)?))
}

/// Ids, questions and answers, as they are stored.
fn earlier(
    db: &Connection,
    conversation: &str,
    seq: u32,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT id, question, answer FROM message
               WHERE conversation = ?1 AND seq < ?2 AND status = 'done'
               ORDER BY seq DESC LIMIT ?3";
    let mut statement = db.prepare_cached(sql)?;
    let found =
        statement.query_map(params![conversation, seq, REMEMBERED], |row| row.try_into())?;
    let mut earlier: Vec<_> = found.collect::<Result<_, _>>()?;
    earlier.reverse();
    Ok(earlier)
}

/// Writes down how what is being made ended. Returns its conversation and when it was asked for, `None`
/// when it is not being made.
fn end(
    db: &Connection,
    id: &str,
    status: &str,
    body: &str,
    at: &str,
) -> Result<Option<(String, String)>, StoreError> {
    let sql = "UPDATE message SET status = ?2, finished_at = ?4,
                   answer = iif(?2 = 'failed', NULL, ?3), problem = iif(?2 = 'failed', ?3, NULL)
               WHERE id = ?1 AND status = 'pending' RETURNING conversation, asked_at";
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_row([id, status, body, at], |row| row.try_into()).optional()?)
}

/// Lets answers fail that are still being made, all or those asked for before a time. Returns how many.
fn interrupt(db: &Connection, before: Option<&str>) -> Result<usize, StoreError> {
    let detail = "The service ended before the answer was there. Ask again.";
    let problem = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "interrupted", detail).problem("");
    let sql = "UPDATE message SET status = 'failed', problem = ?1
               WHERE status = 'pending' AND (?2 IS NULL OR asked_at < ?2)";
    Ok(db.execute(sql, params![encode("", &problem)?, before])?)
}

fn stamp(time: OffsetDateTime) -> Result<String, StoreError> {
    Ok(time.to_offset(UtcOffset::UTC).format(STAMP)?)
}

fn encode(id: &str, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::Body { id: id.to_owned(), source })
}

fn decode<T: DeserializeOwned>(id: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|source| StoreError::Body { id: id.to_owned(), source })
}

#[cfg(test)]
mod tests;

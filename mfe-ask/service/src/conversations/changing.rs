//! What people do with their conversations.

use mfe_ask_api::{Conversation, Feedback};
use rusqlite::{Connection, OptionalExtension, params};
use service_kit::outbox;
use time::OffsetDateTime;

use super::{Conversations, StoreError, events, reading::own, require};
use crate::Session;

impl Conversations {
    /// Gives a conversation another title.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], or the database failed.
    pub async fn rename(
        &self,
        session: &Session,
        id: &str,
        title: String,
    ) -> Result<Conversation, StoreError> {
        let (session, id) = (session.clone(), id.to_owned());
        self.write(move |db| {
            require(db, &session, &id)?;
            db.execute("UPDATE conversation SET title = ?2 WHERE id = ?1", [&id, &title])?;
            own(db, &session, &id)
        })
        .await
    }

    /// Removes a conversation with all its messages, not into the archive. An answer that is being made
    /// for it is lost.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], or the database failed.
    pub async fn delete(&self, session: &Session, id: &str) -> Result<(), StoreError> {
        let (session, id) = (session.clone(), id.to_owned());
        self.write(move |db| {
            require(db, &session, &id)?;
            db.execute("DELETE FROM conversation WHERE id = ?1", [&id])?;
            Ok(())
        })
        .await
    }

    /// Keeps what a person says of an answer, with the event that tells of it; the same said again tells
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError::NoMessage`], [`StoreError::NoAnswer`], or the database failed.
    pub async fn feedback(
        &self,
        session: &Session,
        feedback: Feedback,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let session = session.clone();
        self.write(move |db| judge(db, &session, &feedback, now)).await
    }
}

fn judge(
    db: &Connection,
    session: &Session,
    Feedback { message_id, helpful, reason }: &Feedback,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let sql = "SELECT conversation, answer IS NOT NULL, helpful IS ?3 AND reason IS ?4
               FROM message JOIN conversation ON conversation.id = conversation
               WHERE message.id = ?1 AND session = ?2";
    let found = db
        .prepare_cached(sql)?
        .query_row(params![message_id, session.id(), helpful, reason], |row| {
            <(String, bool, bool)>::try_from(row)
        })
        .optional()?;
    let (conversation, answered, known) = found.ok_or(StoreError::NoMessage)?;
    if !answered {
        return Err(StoreError::NoAnswer);
    }
    if known {
        return Ok(());
    }
    db.prepare_cached("UPDATE message SET helpful = ?2, reason = ?3 WHERE id = ?1")?
        .execute(params![message_id, helpful, reason])?;
    let event = events::Judged {
        conversation: &conversation,
        message: message_id,
        helpful: *helpful,
        reason: reason.as_deref(),
    };
    outbox::append(db, events::FEEDBACK, now.unix_timestamp(), &event)?;
    Ok(())
}

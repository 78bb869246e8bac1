//! Letting others read a conversation.

use mfe_ask_api::{Conversation, Visibility};
use rusqlite::params;
use service_kit::outbox;
use time::OffsetDateTime;

use super::{Conversations, StoreError, events, reading::own, require};
use crate::Asker;

impl Conversations {
    /// Shares a conversation in the organisation of who asks, or takes that back, with the event that tells of
    /// it; what is so already tells nothing. It stays shared where it was when its owner changes to another
    /// organisation, until they share it anew or take it back.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], [`StoreError::NoOrganisation`], or the database failed.
    pub async fn show(
        &self,
        who: &Asker,
        id: &str,
        visibility: Visibility,
        now: OffsetDateTime,
    ) -> Result<Conversation, StoreError> {
        let (who, id) = (who.clone(), id.to_owned());
        self.write(move |db| {
            require(db, who.session(), &id)?;
            let organisation = match visibility {
                Visibility::Private => None,
                Visibility::Organisation => {
                    Some(who.shares_in().ok_or(StoreError::NoOrganisation)?)
                }
            };
            let sql = "UPDATE conversation SET organisation = ?2
                       WHERE id = ?1 AND organisation IS NOT ?2";
            if db.prepare_cached(sql)?.execute(params![id, organisation])? > 0 {
                let event = events::Shown { conversation: &id, visibility };
                outbox::append(db, events::VISIBILITY, now.unix_timestamp(), &event)?;
            }
            own(db, who.session(), &id)
        })
        .await
    }
}

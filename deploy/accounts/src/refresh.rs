//! Refresh tokens: each is used once and then replaced by the next of its family.
//!
//! A token that comes back after it was replaced was copied: by a thief, or from one. Nobody can tell which of
//! the two holds the newest, so the whole family ends, and who signed in does it again.
//!
//! Two things are no theft: two tabs of one browser that renew at the same moment, and a browser that never got
//! the answer with its next token, because somebody left the page. So for a few seconds the token before the newest
//! is still good, and gets the same successor again. No secret is kept for that: a successor is made of the token
//! that it replaces and of a salt that only the store has, so that an old token leads nobody to a newer one.
//!
//! Tokens have 256 random bits, so SHA-256 without salt keeps them; see the registry's API keys.

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    Account, Accounts, AccountsError,
    store::{find, random},
};

/// A family that nobody used for so long has ended, in seconds.
const IDLE: i64 = 30 * 24 * 3600;
/// And so has one that began so long ago.
const LONGEST: i64 = 90 * 24 * 3600;
/// How long a replaced token still gets its successor, in seconds.
const OVERLAP: i64 = 10;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub account: Account,
    /// The next token; the same for all who come with the one before it in time.
    pub token: String,
}

/// What a refresh token is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It is somebody's.
    Signed(Signed),
    /// It was replaced before: its family has ended now. With the account's name.
    Reused(String),
    /// It is none, or of a family that ended.
    Unknown,
}

impl Accounts {
    /// Begins a family for an account and returns its first token.
    ///
    /// # Errors
    /// The store failed or the system has no randomness.
    pub fn begin_family(&self, account: &Account, now: i64) -> Result<String, AccountsError> {
        let family = hex::encode(random::<16>()?);
        let secret = hex::encode(random::<32>()?);
        let connection = self.connection();
        // The place to forget those that ended by themselves.
        connection.execute(
            "DELETE FROM family WHERE rotated_at <= ? OR begun_at <= ?",
            params![now - IDLE, now - LONGEST],
        )?;
        connection.execute(
            "INSERT INTO family (id, account, current, begun_at, rotated_at, salt)
             VALUES (?, ?, ?, ?, ?, ?)",
            params![hash(&family), account.id, hash(&secret), now, now, random::<32>()?],
        )?;
        Ok(format!("{family}.{secret}"))
    }

    /// Replaces a token by the next one.
    ///
    /// # Errors
    /// The store failed or the system has no randomness.
    pub fn rotate(&self, token: &str, now: i64) -> Result<Rotation, AccountsError> {
        let Some((name, secret)) = token.split_once('.') else { return Ok(Rotation::Unknown) };
        let (family, given) = (hash(name), hash(secret));
        let mut connection = self.connection();
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let found = transaction.query_row(
            "SELECT account, current, before, rotated_at, salt FROM family
             WHERE id = ? AND rotated_at > ? AND begun_at > ?",
            params![family, now - IDLE, now - LONGEST],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
        );
        let found: Option<(String, String, String, i64, Vec<u8>)> = found.optional()?;
        let Some((account, current, before, rotated_at, salt)) = found else {
            return Ok(Rotation::Unknown);
        };
        // Who was disabled while signing in may have a family that is younger than that.
        let account = find(&transaction, "id", &account)?.filter(|account| !account.disabled);
        let Some(account) = account else { return Ok(Rotation::Unknown) };
        let same = |stored: &str| bool::from(given.as_bytes().ct_eq(stored.as_bytes()));
        let next = successor(&salt, secret);
        if same(&current) {
            transaction.execute(
                "UPDATE family SET current = ?, before = ?, rotated_at = ? WHERE id = ?",
                params![hash(&next), given, now, family],
            )?;
        } else if !same(&before) || now >= rotated_at + OVERLAP {
            transaction.execute("DELETE FROM family WHERE id = ?", [family])?;
            transaction.commit()?;
            return Ok(Rotation::Reused(account.name));
        }
        let token = format!("{name}.{next}");
        transaction.commit()?;
        Ok(Rotation::Signed(Signed { account, token }))
    }

    /// Ends the family of a token; returns whose it was.
    ///
    /// # Errors
    /// The store failed.
    pub fn end_family(&self, token: &str) -> Result<Option<Account>, AccountsError> {
        let family = hash(token.split('.').next().unwrap_or_default());
        let connection = self.connection();
        let of = "DELETE FROM family WHERE id = ? RETURNING account";
        let account: Option<String> =
            connection.query_row(of, [family], |row| row.get(0)).optional()?;
        account.map_or(Ok(None), |id| find(&connection, "id", &id))
    }
}

/// Returns the secret of the token that replaces one.
fn successor(salt: &[u8], secret: &str) -> String {
    // As long as what it hashes, so that nothing can be appended to it.
    hex::encode(Sha256::new().chain_update(salt).chain_update(hash(secret)).finalize())
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

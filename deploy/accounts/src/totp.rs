//! A second factor: six digits that an app on somebody's phone shows for half a minute (TOTP, RFC 6238).
//!
//! Each code is taken once: the newest step that somebody used is kept, and only a later one counts. So who
//! looks over a shoulder is too late. Not here: codes on paper; who lost the phone asks an operator.

use rusqlite::{OptionalExtension, TransactionBehavior, params};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, TOTP};

use crate::{Account, Accounts, AccountsError, store::random};

/// Seconds for which a code is shown.
const STEP: u64 = 30;
/// A phone's clock may be so many steps off, either way.
const SKEW: u64 = 1;

/// What somebody's second factor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// The account has none, or the code was right.
    Enough,
    /// The account has one, and no code was given.
    Missing,
    /// The code is wrong, or was used.
    Wrong,
}

/// A new second factor, shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// For the app, in base 32.
    pub secret: String,
}

fn totp(secret: Vec<u8>) -> Result<TOTP, AccountsError> {
    // SHA-1 and six digits: what every app knows.
    TOTP::new(Algorithm::SHA1, 6, 0, STEP, secret)
        .map_err(|error| AccountsError::Totp(error.to_string()))
}

impl Accounts {
    /// Gives an account a second factor in place of any that it has.
    ///
    /// # Errors
    /// There is no such account, the store failed, or the system has no randomness.
    pub fn enrol(&self, name: &str) -> Result<Enrolment, AccountsError> {
        let secret = random::<20>()?;
        let shown = totp(secret.to_vec())?.get_secret_base32();
        self.set_totp(name, Some(&secret))?;
        Ok(Enrolment { secret: shown })
    }

    /// Asks an account for no second factor any more.
    ///
    /// # Errors
    /// There is no such account, or the store failed.
    pub fn unenrol(&self, name: &str) -> Result<(), AccountsError> {
        self.set_totp(name, None)
    }

    fn set_totp(&self, name: &str, secret: Option<&[u8]>) -> Result<(), AccountsError> {
        let set = "UPDATE account SET totp = ?, totp_used = 0 WHERE name = ?";
        match self.connection().execute(set, params![secret, name])? {
            0 => Err(AccountsError::Unknown(name.to_owned())),
            _ => Ok(()),
        }
    }

    /// Checks an account's second factor, and uses the code up.
    ///
    /// # Errors
    /// The store failed.
    pub fn second_factor(
        &self,
        account: &Account,
        code: Option<&str>,
        now: u64,
    ) -> Result<Factor, AccountsError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = transaction.query_row(
            "SELECT totp, totp_used FROM account WHERE id = ?",
            [&account.id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        );
        let found: Option<(Option<Vec<u8>>, i64)> = found.optional()?;
        let Some((Some(secret), used)) = found else { return Ok(Factor::Enough) };
        let code: String =
            code.unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        if code.is_empty() {
            return Ok(Factor::Missing);
        }
        let (totp, current) = (totp(secret)?, now / STEP);
        let right =
            |step: &u64| bool::from(totp.generate(step * STEP).as_bytes().ct_eq(code.as_bytes()));
        let steps = current.saturating_sub(SKEW)..=current + SKEW;
        let step = steps.filter(right).filter_map(|step| i64::try_from(step).ok()).max();
        let Some(step) = step.filter(|step| *step > used) else { return Ok(Factor::Wrong) };
        transaction
            .execute("UPDATE account SET totp_used = ? WHERE id = ?", params![step, account.id])?;
        transaction.commit()?;
        Ok(Factor::Enough)
    }
}

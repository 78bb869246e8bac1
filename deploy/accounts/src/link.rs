//! Accounts of people who sign in elsewhere: for whom a provider of OpenID Connect vouches.
//!
//! Such an account is known by issuer and subject, which a provider gives nobody else again. Names and addresses
//! are chosen there and change hands, so they never lead to an account that is there already: who first comes with
//! a name that somebody has gets another one.
//!
//! Not here: joining two accounts of one person.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::{
    Account, Accounts, AccountsError, Role,
    store::{LONGEST_NAME, find, insert, random, write_roles},
};

/// What a name has when somebody else has it as well: a space and so many hex digits.
const DISTINCT: usize = 7;
/// What somebody is called whose provider does not say.
const NAMELESS: &str = "somebody";

/// What a provider says about somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vouched {
    /// The provider.
    pub issuer: String,
    /// Who they are there, for ever.
    pub subject: String,
    /// What they would like to be called; counts at the first visit.
    pub name: String,
    /// To whom they belong, `None` where the provider does not decide that.
    pub organisation: Option<String>,
    /// What they are, `None` where the provider does not decide that.
    pub roles: Option<BTreeSet<Role>>,
}

/// Somebody's account, as the provider would have it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The account, which may be disabled.
    pub account: Account,
    /// It was made just now.
    pub is_new: bool,
    /// It has other roles than before this visit.
    pub has_other_roles: bool,
}

impl Accounts {
    /// Returns the account of somebody for whom a provider vouches; makes it at their first visit.
    ///
    /// # Errors
    /// The store failed or the system has no randomness.
    pub fn vouched(&self, vouched: &Vouched, now: i64) -> Result<Linked, AccountsError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let linked = "SELECT account FROM link WHERE issuer = ? AND subject = ?";
        let pair = [&vouched.issuer, &vouched.subject];
        let id = transaction.query_row(linked, pair, |row| row.get(0)).optional()?;
        let is_new = id.is_none();
        let id = match id {
            Some(id) => id,
            None => first(&transaction, vouched, now)?,
        };
        let unknown = || AccountsError::Unknown(id.clone());
        let account = find(&transaction, "id", &id)?.ok_or_else(unknown)?;
        let before = account.roles.clone();
        // What is disabled stays as it is until somebody lets it in again.
        let account =
            if account.disabled { account } else { follow(&transaction, account, vouched)? };
        transaction.commit()?;
        let has_other_roles = account.roles != before;
        Ok(Linked { account, is_new, has_other_roles })
    }
}

/// Makes the account of a first visit.
fn first(connection: &Connection, vouched: &Vouched, now: i64) -> Result<String, AccountsError> {
    let id = hex::encode(random::<8>()?);
    let name = presentable(&vouched.name);
    let other = format!("{name} {}", id.get(..DISTINCT - 1).unwrap_or(&id));
    if !insert(connection, &id, &name, "", None, now)?
        && !insert(connection, &id, &other, "", None, now)?
    {
        return Err(AccountsError::Taken(other));
    }
    let link = "INSERT INTO link (issuer, subject, account) VALUES (?, ?, ?)";
    connection.execute(link, params![vouched.issuer, vouched.subject, id])?;
    Ok(id)
}

/// Makes an account what the provider says, where the provider decides it.
fn follow(
    connection: &Connection,
    mut account: Account,
    Vouched { organisation, roles, .. }: &Vouched,
) -> Result<Account, AccountsError> {
    if let Some(organisation) = organisation.as_ref().filter(|of| **of != account.organisation) {
        let set = "UPDATE account SET organisation = ? WHERE id = ?";
        connection.execute(set, [organisation, &account.id])?;
        account.organisation.clone_from(organisation);
    }
    if let Some(roles) = roles.as_ref().filter(|roles| **roles != account.roles) {
        write_roles(connection, &account.id, roles)?;
        account.roles.clone_from(roles);
    }
    Ok(account)
}

/// Returns what may be an account's name of what somebody would like to be called.
fn presentable(name: &str) -> String {
    let printable = name.chars().filter(|c| !c.is_control());
    let short: String = printable.take(LONGEST_NAME - DISTINCT).collect();
    let short = short.trim();
    if short.is_empty() { NAMELESS } else { short }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, NAMELESS, presentable};

    #[test]
    fn a_name_from_elsewhere_is_one_that_an_account_may_have() {
        assert_eq!(presentable(" anna\n"), "anna");
        for nothing in ["", " \t ", "\u{7}"] {
            assert_eq!(presentable(nothing), NAMELESS);
        }
        assert!(presentable(&"ä".repeat(500)).chars().count() < LONGEST_NAME);
    }
}

//! The SQLite file.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::{Account, NewAccount, PasswordError, Role, password};

/// The file's name in a data folder.
pub const FILE: &str = "accounts.db";
/// How long one process waits for another's write.
const BUSY: Duration = Duration::from_secs(5);
/// Most characters of a name.
pub(crate) const LONGEST_NAME: usize = 100;

/// The store, or what was asked of it, is not right.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The file cannot be used.
    #[error("the accounts cannot be read or written")]
    Store(#[from] rusqlite::Error),
    /// The folder cannot be made.
    #[error("the folder of the accounts cannot be made")]
    Folder(#[source] std::io::Error),
    /// The name breaks a rule.
    #[error("a name has 1–{LONGEST_NAME} printable characters and no spaces around it")]
    Name,
    /// Somebody has the name.
    #[error("there is an account `{0}` already")]
    Taken(String),
    /// Nobody has the name.
    #[error("there is no account `{0}`")]
    Unknown(String),
    /// The password breaks a rule.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The second factor cannot be worked with.
    #[error("the second factor is not usable: {0}")]
    Totp(String),
    /// The system has no random bytes.
    #[error("the system has no randomness: {0}")]
    Randomness(String),
}

/// The accounts of a site.
#[derive(Debug)]
pub struct Accounts(Mutex<Connection>);

impl Accounts {
    /// Opens the accounts of a data folder; there are none at first.
    ///
    /// # Errors
    /// The file cannot be opened or made.
    pub fn open(folder: &Path) -> Result<Self, AccountsError> {
        std::fs::create_dir_all(folder).map_err(AccountsError::Folder)?;
        let file = folder.join(FILE);
        private(&file).map_err(AccountsError::Folder)?;
        let connection = Connection::open(file)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        forget_saltless(&connection)?;
        connection.execute_batch(include_str!("schema.sql"))?;
        Ok(Self(Mutex::new(connection)))
    }

    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an account.
    ///
    /// # Errors
    /// The name or the password breaks a rule, the name is taken, or the store failed.
    pub fn add(&self, new: &NewAccount, now: i64) -> Result<Account, AccountsError> {
        let NewAccount { name, password, organisation, roles } = new;
        let printable = !name.chars().any(char::is_control) && name.trim() == name;
        if name.is_empty() || name.chars().count() > LONGEST_NAME || !printable {
            return Err(AccountsError::Name);
        }
        let hash = password.as_deref().map(password::hash).transpose()?;
        let id = hex::encode(random::<8>()?);
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        if !insert(&transaction, &id, name, organisation, hash.as_deref(), now)? {
            return Err(AccountsError::Taken(name.clone()));
        }
        write_roles(&transaction, &id, roles)?;
        transaction.commit()?;
        let (name, organisation) = (name.clone(), organisation.clone());
        let roles = roles.clone();
        Ok(Account { id, name, organisation, roles, disabled: false, created_at: now })
    }

    /// Returns every account, by name.
    ///
    /// # Errors
    /// The store failed.
    pub fn list(&self) -> Result<Vec<Account>, AccountsError> {
        let connection = self.connection();
        let mut statement = connection.prepare(&format!("{SELECT} ORDER BY name"))?;
        let rows = statement.query_map([], row)?.collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(|account| with_roles(&connection, account)).collect()
    }

    /// Returns the account of a name.
    ///
    /// # Errors
    /// The store failed.
    pub fn named(&self, name: &str) -> Result<Option<Account>, AccountsError> {
        find(&self.connection(), "name", name)
    }

    /// Gives an account these roles in place of its own.
    ///
    /// # Errors
    /// There is no such account, or the store failed.
    pub fn set_roles(&self, name: &str, roles: &BTreeSet<Role>) -> Result<Account, AccountsError> {
        let mut connection = self.connection();
        // What is read here is written over: a gateway may be writing too.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let unknown = || AccountsError::Unknown(name.to_owned());
        let account = find(&transaction, "name", name)?.ok_or_else(unknown)?;
        write_roles(&transaction, &account.id, roles)?;
        transaction.commit()?;
        Ok(Account { roles: roles.clone(), ..account })
    }

    /// Lets an account in no longer, also where it is signed in, or lets it in again.
    ///
    /// # Errors
    /// There is no such account, or the store failed.
    pub fn set_disabled(&self, name: &str, disabled: bool) -> Result<Account, AccountsError> {
        let connection = self.connection();
        let unknown = || AccountsError::Unknown(name.to_owned());
        let account = find(&connection, "name", name)?.ok_or_else(unknown)?;
        connection.execute(
            "UPDATE account SET disabled = ? WHERE id = ?",
            params![disabled, account.id],
        )?;
        if disabled {
            connection.execute("DELETE FROM family WHERE account = ?", [&account.id])?;
        }
        Ok(Account { disabled, ..account })
    }

    /// Returns the account that a name and a password belong to. Takes as long for a name that nobody has.
    ///
    /// # Errors
    /// The store failed.
    pub fn signing_in(&self, name: &str, password: &str) -> Result<Option<Account>, AccountsError> {
        let hash: Option<String> = self
            .connection()
            .query_row("SELECT password FROM account WHERE name = ?", [name], |row| row.get(0))
            .optional()?
            .flatten();
        // Without the connection: this takes long.
        if !password::verify(password, hash.as_deref()) {
            return Ok(None);
        }
        Ok(self.named(name)?.filter(|account| !account.disabled))
    }
}

/// Drops the tokens of a store from before they were made with a salt: who is signed in does it again.
fn forget_saltless(connection: &Connection) -> rusqlite::Result<()> {
    let columns =
        "SELECT count(*) > 0 AND total(name = 'salt') = 0 FROM pragma_table_info('family')";
    if connection.query_row(columns, [], |row| row.get(0))? {
        connection.execute("DROP TABLE family", [])?;
    }
    Ok(())
}

const SELECT: &str = "SELECT id, name, organisation, disabled, created_at FROM account";

fn row(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        name: row.get(1)?,
        organisation: row.get(2)?,
        disabled: row.get(3)?,
        created_at: row.get(4)?,
        roles: BTreeSet::new(),
    })
}

/// Returns the account whose `column`, which is ours and no one's input, has a value.
pub(crate) fn find(
    connection: &Connection,
    column: &str,
    value: &str,
) -> Result<Option<Account>, AccountsError> {
    let found =
        connection.query_row(&format!("{SELECT} WHERE {column} = ?"), [value], row).optional()?;
    found.map(|account| with_roles(connection, account)).transpose()
}

fn with_roles(connection: &Connection, account: Account) -> Result<Account, AccountsError> {
    let mut statement = connection.prepare_cached("SELECT role FROM role WHERE account = ?")?;
    let texts = statement.query_map([&account.id], |row| row.get::<_, String>(0))?;
    let mut roles = BTreeSet::new();
    for text in texts {
        // A role that a later version knows gives nothing here.
        roles.extend(text?.parse::<Role>().ok());
    }
    Ok(Account { roles, ..account })
}

/// Adds an account's row; tells whether the name was free.
pub(crate) fn insert(
    connection: &Connection,
    id: &str,
    name: &str,
    organisation: &str,
    hash: Option<&str>,
    now: i64,
) -> Result<bool, AccountsError> {
    let added = connection.execute(
        "INSERT INTO account (id, name, organisation, password, created_at)
         VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
        params![id, name, organisation, hash, now],
    )?;
    Ok(added == 1)
}

pub(crate) fn write_roles(
    connection: &Connection,
    account: &str,
    roles: &BTreeSet<Role>,
) -> Result<(), AccountsError> {
    connection.execute("DELETE FROM role WHERE account = ?", [account])?;
    for role in roles {
        connection.execute(
            "INSERT INTO role (account, role) VALUES (?, ?)",
            params![account, role.to_string()],
        )?;
    }
    Ok(())
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], AccountsError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| AccountsError::Randomness(error.to_string()))?;
    Ok(bytes)
}

/// Makes the file readable by its owner only, before SQLite makes it for everybody.
fn private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true).mode(0o600).open(file).map(drop)
}

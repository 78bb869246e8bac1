//! An account.

use std::collections::BTreeSet;

use crate::Role;

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// 16 hex digits; never given again.
    pub id: String,
    /// What they type to sign in, unique without regard to case.
    pub name: String,
    /// To whom they belong; empty for nobody.
    pub organisation: String,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// They cannot sign in, and nothing that knows them works.
    pub disabled: bool,
    /// Seconds since 1970.
    pub created_at: i64,
}

/// What an operator says about a new account.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// What they will type.
    pub name: String,
    /// Their password, `None` for who signs in elsewhere only.
    pub password: Option<String>,
    /// To whom they belong.
    pub organisation: String,
    /// What they are.
    pub roles: BTreeSet<Role>,
}

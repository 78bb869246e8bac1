//! Accounts: names, passwords, roles, and the refresh tokens by which somebody who signed in is known again.
//!
//! One SQLite file, which a gateway and the tool may have open at once. Everything here blocks: reading and
//! writing for a moment, checking a password for as long as argon2id is meant to take.
//!
//! Not here: HTTP, cookies, access tokens and what a role may do (the gateway).

mod account;
mod link;
mod password;
mod refresh;
mod role;
mod store;
mod totp;

pub use account::{Account, NewAccount};
pub use link::{Linked, Vouched};
pub use password::{PasswordError, SHORTEST, check as check_password_rules};
pub use refresh::{Rotation, Signed};
pub use role::{Role, RoleError, roles_text};
pub use store::{Accounts, AccountsError, FILE};
pub use totp::{Enrolment, Factor};

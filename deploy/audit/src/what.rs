//! The words for what somebody did, where more than one program writes or understands them.

/// A log begins; the target is its name, 16 hex digits.
pub const BEGIN: &str = "begin";
/// A version was stored.
pub const PUBLISH: &str = "publish";
/// A version was made live or put on trial; the outcome is `revision <n>`.
pub const RELEASE: &str = "release";
/// A version was taken back; the outcome is `revision <n>`.
pub const ROLLBACK: &str = "rollback";
/// Versions were removed.
pub const GC: &str = "gc";
/// Traffic of a domain was moved between its pools.
pub const SWITCH: &str = "switch";
/// A key counts from now on; the target is `api/<id>` or `signing/<id>`.
pub const KEY_ADDED: &str = "key-added";
/// A key counts no longer.
pub const KEY_REMOVED: &str = "key-removed";
/// Somebody signed in, or tried to.
pub const SIGN_IN: &str = "sign-in";
/// Somebody signed out.
pub const SIGN_OUT: &str = "sign-out";
/// A refresh token came back after it was replaced: everything that followed from it ended.
pub const TOKEN_REUSED: &str = "token-reused";
/// Somebody got an account.
pub const ACCOUNT_ADDED: &str = "account-added";
/// An account's roles are others now.
pub const ROLES_SET: &str = "roles-set";
/// An account is let in no longer.
pub const ACCOUNT_DISABLED: &str = "account-disabled";
/// An account is let in again.
pub const ACCOUNT_ENABLED: &str = "account-enabled";
/// An account needs a second factor.
pub const TOTP_ON: &str = "totp-on";
/// An account needs none any more.
pub const TOTP_OFF: &str = "totp-off";

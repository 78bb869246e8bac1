//! What somebody is to the site.

use std::{fmt, str::FromStr};

/// A role of an account. Everybody with an account is a visitor, so that is none of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Changes content.
    Editor,
    /// Sees how the site is used.
    Analyst,
    /// Publishes, releases and takes back one remote, or all of them (`*`).
    Publisher(String),
    /// Everything.
    Admin,
}

/// A text that is no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is editor, analyst, admin or publisher:<remote>, with * for all remotes")]
pub struct RoleError;

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Editor => f.write_str("editor"),
            Self::Analyst => f.write_str("analyst"),
            Self::Publisher(remote) => write!(f, "publisher:{remote}"),
            Self::Admin => f.write_str("admin"),
        }
    }
}

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        match text {
            "editor" => return Ok(Self::Editor),
            "analyst" => return Ok(Self::Analyst),
            "admin" => return Ok(Self::Admin),
            _ => {}
        }
        let remote = text.strip_prefix("publisher:").ok_or(RoleError)?;
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let named = remote == "*" || (!remote.is_empty() && remote.bytes().all(plain));
        named.then(|| Self::Publisher(remote.to_owned())).ok_or(RoleError)
    }
}

/// Returns what people are told of an account's roles; who has none is a visitor.
pub fn roles_text(roles: impl IntoIterator<Item = impl fmt::Display>) -> String {
    let roles: Vec<_> = roles.into_iter().map(|role| role.to_string()).collect();
    if roles.is_empty() { "visitor".to_owned() } else { roles.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn roles_are_read_as_they_are_written_and_nothing_else_is_one() {
        for text in ["editor", "analyst", "admin", "publisher:search", "publisher:*"] {
            assert_eq!(text.parse::<Role>().unwrap().to_string(), text);
        }
        for bad in ["", "visitor", "Admin", "publisher", "publisher:", "publisher:a,admin", "root"]
        {
            assert!(bad.parse::<Role>().is_err(), "{bad}");
        }
    }
}

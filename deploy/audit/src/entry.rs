//! One line of the log.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What stands where the first entry has no predecessor.
pub(crate) const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What somebody did, before it has a place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Who did it: an account's or key's name, and no more of a person.
    pub who: String,
    /// What they did, one word, such as `release`.
    pub what: String,
    /// To what, such as `search@1.4.2`.
    pub target: String,
    /// What came of it, such as `revision 42` or `refused: out-of-scope`.
    pub outcome: String,
}

impl Record {
    /// Returns the record of one action.
    pub fn new(
        who: impl Into<String>,
        what: impl Into<String>,
        target: impl Into<String>,
        outcome: impl Into<String>,
    ) -> Self {
        let (who, what) = (who.into(), what.into());
        Self { who, what, target: target.into(), outcome: outcome.into() }
    }
}

/// An entry. Its canonical form is its JSON with the fields in this order and nothing between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// 1 for the first.
    pub sequence: u64,
    /// RFC 3339, UTC.
    pub at: String,
    /// Who did it.
    pub who: String,
    /// What they did.
    pub what: String,
    /// To what.
    pub target: String,
    /// What came of it.
    pub outcome: String,
    /// The hash of the entry before, zeros for the first.
    pub previous: String,
    /// SHA-256, hex, over the canonical form up to this field.
    pub hash: String,
}

/// Names an entry and, by its hash, all before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The entry's number.
    pub sequence: u64,
    /// The entry's hash.
    pub hash: String,
}

impl Entry {
    /// Returns the entry that follows `head`.
    pub(crate) fn after(head: Option<&Head>, at: &str, record: Record) -> Self {
        let Record { who, what, target, outcome } = record;
        let mut entry = Self {
            sequence: head.map_or(1, |head| head.sequence + 1),
            at: at.to_owned(),
            who,
            what,
            target,
            outcome,
            previous: head.map_or(NO_HASH, |head| &head.hash).to_owned(),
            hash: String::new(),
        };
        entry.hash = entry.computed_hash();
        entry
    }

    /// Returns the line of the entry, without its end.
    pub(crate) fn line(&self) -> String {
        // Numbers and strings always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the hash that the entry must have.
    pub(crate) fn computed_hash(&self) -> String {
        let line = Self { hash: String::new(), ..self.clone() }.line();
        let hashed = line.strip_suffix(r#","hash":""}"#).unwrap_or(&line);
        hex::encode(Sha256::digest(hashed))
    }

    /// Returns what names the entry.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { sequence: self.sequence, hash: self.hash.clone() }
    }
}

/// As people note it: `<sequence>:<hash>`.
impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.sequence, self.hash)
    }
}

impl std::str::FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = text.split_once(':').and_then(|(sequence, hash)| {
            let whole = hash.len() == NO_HASH.len() && hex::decode(hash).is_ok();
            Some(Self { sequence: sequence.parse().ok()?, hash: whole.then(|| hash.to_owned())? })
        });
        read.ok_or("a head is `<number>:<64 hex digits>`, as `audit verify` prints it")
    }
}

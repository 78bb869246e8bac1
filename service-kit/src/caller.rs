//! Who signed in, as the gateway says it, and what of somebody's they may read and change.
//!
//! What is private has an owner, and an organisation where the owner shares it there. Policies decide who may do
//! what with it, as data, and the gateway asks them: before a request reaches a service it finds out what this
//! person may do with what is their own, with what is shared in their organisation, and with what is others', and
//! tells that ([`PRIVATE`]). A service only has to say which of the three a thing is, and needs no policies.
//!
//! Everything is believed only beside the key that gateway and services share, as roles are.
//!
//! Not here: roles ([`crate::BearerKey`]), the policies, and who is in an organisation (the gateway).

use axum::http::HeaderMap;
use percent_encoding::percent_decode_str;

use crate::{ACCOUNT, EDGE, EdgeKey, ROLES};

/// Header with the organisation of who signed in, percent-encoded. Set by the gateway, whatever a client sends.
pub const ORGANISATION: &str = "x-asterism-organisation";
/// Header with what they may do with private things, such as `own-read,own-change,organisation-read`. Set by the
/// gateway, whatever a client sends.
pub const PRIVATE: &str = "x-asterism-private";
/// Tells whether a header is one of those by which a gateway says who asks; nobody else's count. Asked of every header
/// of every request: a comparison of lengths rules most of them out.
#[must_use]
pub fn is_told(name: &str) -> bool {
    matches!(name, ACCOUNT | ORGANISATION | ROLES | PRIVATE | EDGE)
}

/// Something that is done with a private thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It is looked at.
    Read,
    /// It is changed or removed.
    Change,
}

/// Whose a private thing is, seen from somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Their own.
    Own,
    /// Somebody else's, who shares it in their organisation.
    Organisation,
    /// Any other.
    Other,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Read, Self::Change];
}

impl Whose {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Own, Self::Organisation, Self::Other];
}

/// Returns how [`PRIVATE`] says that somebody may do something.
#[must_use]
pub fn grant(whose: Whose, deed: Deed) -> &'static str {
    match (whose, deed) {
        (Whose::Own, Deed::Read) => "own-read",
        (Whose::Own, Deed::Change) => "own-change",
        (Whose::Organisation, Deed::Read) => "organisation-read",
        (Whose::Organisation, Deed::Change) => "organisation-change",
        (Whose::Other, Deed::Read) => "other-read",
        (Whose::Other, Deed::Change) => "other-change",
    }
}

/// Something that belongs to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Private<'a> {
    /// The account's id.
    pub owner: &'a str,
    /// Where it is shared, as [`Caller::organisation`]; empty for nowhere.
    pub organisation: &'a str,
}

/// Somebody who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    account: String,
    organisation: String,
    grants: String,
}

impl EdgeKey {
    /// Returns who signed in, when a gateway says it.
    #[must_use]
    pub fn caller(&self, headers: &HeaderMap) -> Option<Caller> {
        if !self.is_in(headers) {
            return None;
        }
        let told = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let text = |name| told(name).unwrap_or_default().to_owned();
        let account = told(ACCOUNT).filter(|account| !account.is_empty())?.to_owned();
        // A name that no gateway writes is nobody's organisation.
        let organisation = told(ORGANISATION).map(|name| percent_decode_str(name).decode_utf8());
        let organisation = organisation.and_then(Result::ok).unwrap_or_default().into_owned();
        Some(Caller { account, organisation, grants: text(PRIVATE) })
    }
}

impl Caller {
    /// Returns the account's id.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Returns the name of their organisation, empty for none.
    #[must_use]
    pub fn organisation(&self) -> &str {
        &self.organisation
    }

    /// Tells whether somebody may do something with a private thing.
    #[must_use]
    pub fn may(&self, deed: Deed, thing: Private<'_>) -> bool {
        let shared = !thing.organisation.is_empty() && thing.organisation == self.organisation;
        let whose = match (thing.owner == self.account, shared) {
            (true, _) => Whose::Own,
            (false, true) => Whose::Organisation,
            (false, false) => Whose::Other,
        };
        self.grants.split(',').any(|granted| granted == grant(whose, deed))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{ACCOUNT, Caller, Deed, EdgeKey, ORGANISATION, PRIVATE, Private};
    use crate::EDGE;

    fn caller(told: &[(&'static str, &'static str)]) -> Option<Caller> {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let headers: HeaderMap = told.iter().map(pair).collect();
        EdgeKey::new("shared".to_owned()).caller(&headers)
    }

    fn of(account: &'static str, organisation: &'static str, grants: &'static str) -> Caller {
        let told = [(ACCOUNT, account), (ORGANISATION, organisation), (PRIVATE, grants)];
        caller(&[&told[..], &[(EDGE, "shared")]].concat()).unwrap()
    }

    #[test]
    fn only_a_gateway_says_who_signed_in() {
        let told = [(ACCOUNT, "a1"), (PRIVATE, "own-read")];
        assert!(caller(&[&told[..], &[(EDGE, "shared")]].concat()).is_some());
        assert_eq!(caller(&told), None, "past the gateway");
        assert_eq!(caller(&[&told[..], &[(EDGE, "guessed")]].concat()), None);
        assert_eq!(caller(&[(EDGE, "shared")]), None, "a visitor");
        assert_eq!(caller(&[(EDGE, "shared"), (ACCOUNT, "")]), None);
    }

    #[test]
    fn an_organisation_has_its_name_and_one_that_cannot_be_read_has_none() {
        for (told, name) in
            [("Studio", "Studio"), ("B%C3%BCro%2C%20Nord", "Büro, Nord"), ("%FF", ""), ("", "")]
        {
            assert_eq!(of("a1", told, "").organisation(), name, "{told}");
        }
    }

    #[test]
    fn a_private_thing_is_for_whom_the_policies_say() {
        let usual = "own-read,own-change,organisation-read";
        let owner = of("a1", "Studio", usual);
        let colleague = of("a2", "Studio", usual);
        let stranger = of("a3", "Elsewhere", usual);
        let loner = of("a4", "", usual);
        let shared = Private { owner: "a1", organisation: "Studio" };
        let own = Private { owner: "a1", organisation: "" };
        let may = |caller: &Caller, thing| Deed::ALL.map(|deed| caller.may(deed, thing));
        assert_eq!(may(&owner, shared), [true, true]);
        assert_eq!(may(&colleague, shared), [true, false]);
        assert_eq!(may(&stranger, shared), [false, false]);
        assert_eq!(may(&loner, shared), [false, false]);
        assert_eq!(may(&owner, own), [true, true]);
        for other in [&colleague, &stranger, &loner] {
            assert_eq!(may(other, own), [false, false], "{other:?}");
        }
        // Another site's policies.
        assert_eq!(may(&of("a1", "Studio", ""), own), [false, false]);
        let open = of("a3", "", "other-read");
        assert_eq!(may(&open, own), [true, false]);
    }
}

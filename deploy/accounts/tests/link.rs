//! Whom a provider vouches for has one account for ever, and nobody else's.

use std::collections::BTreeSet;

use accounts::{Accounts, Linked, NewAccount, Role, Vouched};

fn vouched(issuer: &str, subject: &str) -> Vouched {
    let [issuer, subject] = [issuer, subject].map(str::to_owned);
    Vouched { issuer, subject, name: "Anna".to_owned(), ..Vouched::default() }
}

#[test]
fn an_account_is_known_by_issuer_and_subject_and_by_no_name() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(dir.path()).unwrap();
    let own = NewAccount { name: "anna".to_owned(), ..NewAccount::default() };
    let mut ids = BTreeSet::from([accounts.add(&own, 1).unwrap().id]);
    for (issuer, subject) in [("https://a", "1"), ("https://a", "2"), ("https://b", "1")] {
        let Linked { account, is_new, .. } =
            accounts.vouched(&vouched(issuer, subject), 2).unwrap();
        assert!(is_new && account.name.starts_with("Anna "), "{account:?}");
        let named = Vouched { name: "anna".to_owned(), ..vouched(issuer, subject) };
        let again = accounts.vouched(&named, 3).unwrap();
        let same = Linked { account: account.clone(), is_new: false, has_other_roles: false };
        assert_eq!(again, same);
        assert_eq!(accounts.signing_in(&account.name, "").unwrap(), None, "has no password");
        ids.insert(account.id);
    }
    assert_eq!(ids.len(), 4);
}

#[test]
fn roles_and_organisation_follow_the_provider_only_where_it_decides_them() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(dir.path()).unwrap();
    let silent = vouched("https://a", "1");
    let seen = |said: &Vouched| accounts.vouched(said, 2).unwrap();
    let visit = |said: &Vouched| seen(said).account;
    assert!(visit(&silent).roles.is_empty());
    let editor = BTreeSet::from([Role::Editor]);
    accounts.set_roles("anna", &editor).unwrap();
    assert_eq!(visit(&silent).roles, editor, "what an operator gave stays");
    let (roles, organisation) = (Some(BTreeSet::from([Role::Analyst])), Some("x".to_owned()));
    let says = Vouched { roles: roles.clone(), organisation, ..silent.clone() };
    let told = [&says, &says, &silent].map(|said| seen(said).has_other_roles);
    assert_eq!(told, [true, false, false]);
    let said = visit(&says);
    assert_eq!((said.roles, said.organisation.as_str()), (roles.unwrap(), "x"));
    let none = visit(&Vouched { roles: Some(BTreeSet::new()), ..silent.clone() });
    assert_eq!((none.roles.len(), none.organisation.as_str()), (0, "x"), "taken away there");
    accounts.set_disabled("anna", true).unwrap();
    let disabled = visit(&Vouched { roles: Some(editor), ..silent });
    assert!(disabled.disabled && disabled.roles.is_empty(), "{disabled:?}");
}

//! Whatever is presented in whatever order: only the newest token counts, and a used one ends them all.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a broken fixture must fail the test")]

use std::collections::BTreeSet;

use accounts::{Account, Accounts, AccountsError, NewAccount, Role, Rotation, Signed};
use proptest::prelude::*;
use tempfile::TempDir;

const BEGUN: i64 = 1_000_000;
const DAY: i64 = 24 * 3600;

fn store() -> (TempDir, Accounts, Account) {
    let dir = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(dir.path()).unwrap();
    let roles = BTreeSet::from([Role::Editor]);
    let new = NewAccount { name: "anna".to_owned(), roles, ..NewAccount::default() };
    let anna = accounts.add(&new, BEGUN).unwrap();
    (dir, accounts, anna)
}

fn next(rotation: Rotation) -> String {
    let Rotation::Signed(Signed { token, .. }) = rotation else { panic!("{rotation:?}") };
    token
}

#[test]
fn who_was_disabled_while_signing_in_is_let_in_no_longer() {
    let (_dir, accounts, anna) = store();
    accounts.set_disabled("anna", true).unwrap();
    let token = accounts.begin_family(&anna, BEGUN).unwrap();
    assert_eq!(accounts.rotate(&token, BEGUN + 1).unwrap(), Rotation::Unknown);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Each step presents one of the tokens so far, some seconds later.
    #[test]
    fn only_the_newest_counts_and_a_used_one_ends_the_family(
        steps in prop::collection::vec((any::<prop::sample::Index>(), 0..20_i64), 1..12),
    ) {
        let (_dir, accounts, anna) = store();
        let mut tokens = vec![accounts.begin_family(&anna, BEGUN).unwrap()];
        let (mut now, mut rotated, mut ended) = (BEGUN, BEGUN, false);
        for (index, later) in steps {
            now += later;
            let index = index.index(tokens.len());
            let newest = tokens.len() - 1;
            let rotation = accounts.rotate(&tokens[index], now).unwrap();
            let account = anna.clone();
            if ended {
                prop_assert_eq!(rotation, Rotation::Unknown);
            } else if index == newest {
                tokens.push(next(rotation));
                rotated = now;
            } else if index + 1 == newest && now < rotated + 10 {
                // The answer was lost, or another tab asked as well: the same again.
                let token = tokens[newest].clone();
                prop_assert_eq!(rotation, Rotation::Signed(Signed { account, token }));
            } else {
                prop_assert_eq!(rotation, Rotation::Reused("anna".to_owned()));
                ended = true;
            }
        }
    }
}

#[test]
fn a_lost_answer_is_given_again_for_seconds_and_a_copy_ends_the_family_after_that() {
    let (_dir, accounts, anna) = store();
    let first = accounts.begin_family(&anna, BEGUN).unwrap();
    let second = next(accounts.rotate(&first, BEGUN).unwrap());
    assert_eq!(next(accounts.rotate(&first, BEGUN + 9).unwrap()), second);
    let third = next(accounts.rotate(&second, BEGUN + 9).unwrap());
    assert_ne!(third, second);
    assert_eq!(next(accounts.rotate(&second, BEGUN + 18).unwrap()), third);
    let reused = Rotation::Reused("anna".to_owned());
    assert_eq!(accounts.rotate(&second, BEGUN + 19).unwrap(), reused);
    assert_eq!(accounts.rotate(&third, BEGUN + 19).unwrap(), Rotation::Unknown, "all of it ended");
    // The one before the one before was never lost.
    let first = accounts.begin_family(&anna, BEGUN).unwrap();
    let second = next(accounts.rotate(&first, BEGUN).unwrap());
    next(accounts.rotate(&second, BEGUN + 1).unwrap());
    assert_eq!(accounts.rotate(&first, BEGUN + 2).unwrap(), reused);
}

#[test]
fn a_store_from_before_the_salt_is_taken_over_and_its_people_sign_in_again() {
    let dir = tempfile::tempdir().unwrap();
    let old = rusqlite::Connection::open(dir.path().join(accounts::FILE)).unwrap();
    let family = "CREATE TABLE family (id TEXT PRIMARY KEY, account TEXT NOT NULL, current TEXT
        NOT NULL, before TEXT NOT NULL DEFAULT '', begun_at INTEGER NOT NULL, rotated_at INTEGER NOT NULL)";
    old.execute_batch(family).unwrap();
    let accounts = Accounts::open(dir.path()).unwrap();
    let new = NewAccount { name: "anna".to_owned(), ..NewAccount::default() };
    let anna = accounts.add(&new, BEGUN).unwrap();
    let token = accounts.begin_family(&anna, BEGUN).unwrap();
    // And left alone from then on.
    let again = Accounts::open(dir.path()).unwrap();
    next(again.rotate(&token, BEGUN + 1).unwrap());
}

#[test]
fn a_family_ends_by_itself_by_signing_out_and_with_its_account() {
    let (_dir, accounts, anna) = store();
    let token = accounts.begin_family(&anna, BEGUN).unwrap();
    let token = next(accounts.rotate(&token, BEGUN + 30 * DAY - 1).unwrap());
    let token = next(accounts.rotate(&token, BEGUN + 60 * DAY - 2).unwrap());
    let token = next(accounts.rotate(&token, BEGUN + 90 * DAY - 3).unwrap());
    assert_eq!(accounts.rotate(&token, BEGUN + 90 * DAY).unwrap(), Rotation::Unknown);

    let token = accounts.begin_family(&anna, BEGUN).unwrap();
    assert_eq!(accounts.end_family(&token).unwrap(), Some(anna.clone()));
    assert_eq!(accounts.end_family(&token).unwrap(), None);
    assert_eq!(accounts.rotate(&token, BEGUN).unwrap(), Rotation::Unknown);

    let token = accounts.begin_family(&anna, BEGUN).unwrap();
    assert!(accounts.set_disabled("ANNA", true).unwrap().disabled);
    assert_eq!(accounts.rotate(&token, BEGUN).unwrap(), Rotation::Unknown);
    for none in ["", ".", "x", "x.y", &token.replace('.', "")] {
        assert_eq!(accounts.rotate(none, BEGUN).unwrap(), Rotation::Unknown, "{none}");
    }
}

#[test]
fn an_account_has_one_name_and_the_roles_that_it_was_given_last() {
    let (_dir, accounts, anna) = store();
    let again = NewAccount { name: "Anna".to_owned(), ..NewAccount::default() };
    assert!(matches!(accounts.add(&again, 1), Err(AccountsError::Taken(_))));
    for bad in ["", " anna", "an\nna", &"x".repeat(101)] {
        let bad = NewAccount { name: bad.to_owned(), ..NewAccount::default() };
        assert!(matches!(accounts.add(&bad, 1), Err(AccountsError::Name)), "{}", bad.name);
    }
    let roles = BTreeSet::from([Role::Admin, Role::Publisher("search".to_owned())]);
    accounts.set_roles("anna", &roles).unwrap();
    let expected = Account { roles, ..anna };
    assert_eq!(accounts.list().unwrap(), std::slice::from_ref(&expected));
    assert_eq!(accounts.named("aNNa").unwrap(), Some(expected));
    assert!(matches!(accounts.set_disabled("bob", true), Err(AccountsError::Unknown(_))));
}

#[test]
fn who_has_no_password_or_is_disabled_does_not_sign_in() {
    let (_dir, accounts, _) = store();
    let password = Some("correct horse battery".to_owned());
    let new = NewAccount { name: "bob".to_owned(), password, ..NewAccount::default() };
    let bob = accounts.add(&new, 1).unwrap();
    let signing_in = |name, password| accounts.signing_in(name, password).unwrap();
    assert_eq!(signing_in("Bob", "correct horse battery"), Some(bob));
    assert_eq!(signing_in("bob", "correct horse"), None);
    assert_eq!(signing_in("anna", ""), None);
    assert_eq!(signing_in("nobody", "correct horse battery"), None);
    accounts.set_disabled("bob", true).unwrap();
    assert_eq!(signing_in("bob", "correct horse battery"), None);
}

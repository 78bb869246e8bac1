//! A code is right for its half minute and the ones beside it, and once.

use accounts::{Accounts, AccountsError, Enrolment, Factor, NewAccount};
use totp_rs::{Algorithm, Secret, TOTP};

const NOW: u64 = 1_000_000_020;

#[test]
fn a_code_is_taken_once_within_a_minute_of_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(dir.path()).unwrap();
    let new = NewAccount { name: "anna".to_owned(), ..NewAccount::default() };
    let anna = accounts.add(&new, 1).unwrap();
    let check = |code: Option<&str>, now| accounts.second_factor(&anna, code, now).unwrap();
    assert_eq!(check(None, NOW), Factor::Enough, "she has none");

    let Enrolment { secret } = accounts.enrol("Anna").unwrap();
    // The phone.
    let secret = Secret::Encoded(secret).to_bytes().unwrap();
    let phone = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret).unwrap();
    let code = phone.generate(NOW);
    assert_eq!(check(None, NOW), Factor::Missing);
    assert_eq!(check(Some(" "), NOW), Factor::Missing);
    for (bad, at) in [(&*code, NOW + 90), (&code, NOW - 90), (&code[..5], NOW), ("abcdef", NOW)] {
        assert_eq!(check(Some(bad), at), Factor::Wrong, "{bad} at {at}");
    }
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(check(Some(&spaced), NOW + 29), Factor::Enough);
    assert_eq!(check(Some(&code), NOW + 1), Factor::Wrong, "used");
    assert_eq!(check(Some(&phone.generate(NOW - 30)), NOW), Factor::Wrong, "before the used one");
    assert_eq!(check(Some(&phone.generate(NOW + 30)), NOW + 30), Factor::Enough);

    accounts.unenrol("anna").unwrap();
    assert_eq!(check(None, NOW), Factor::Enough);
    assert!(matches!(accounts.enrol("bob"), Err(AccountsError::Unknown(_))));
}

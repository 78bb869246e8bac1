use contract::ANY_NAME;
use registry::{ApiKey, Verb};
use service_kit::{Deed, Whose, grant};

use super::{Act, Person, Policies, Subject};

fn person(roles: &[&str]) -> Person {
    let text = |text: &str| text.to_owned();
    let roles = roles.iter().map(|role| text(role)).collect();
    Person { account: text("a1"), name: text("anna"), organisation: text("x"), roles }
}

#[test]
fn a_key_does_what_it_was_issued_for_as_before_there_were_policies() {
    let policies = Policies::open(None).unwrap();
    let lists = |lists: &[&[&str]]| -> Vec<Vec<String>> {
        lists.iter().map(|list| list.iter().map(|name| (*name).to_owned()).collect()).collect()
    };
    for names in lists(&[&["alpha"], &["alpha", "beta"], &[ANY_NAME]]) {
        for verbs in [&[Verb::Publish][..], &[Verb::Release, Verb::Gc], &Verb::ALL] {
            let (key, _) = ApiKey::new("tester", names.clone(), verbs.to_vec()).unwrap();
            for verb in Verb::ALL {
                for remote in ["alpha", "beta", "gamma"] {
                    let remote = if verb == Verb::Gc { ANY_NAME } else { remote };
                    let decided = policies.may(Subject::Key(&key), Act::Do(verb, remote));
                    assert_eq!(decided, key.may(verb, remote), "{key:?} {verb:?} {remote}");
                }
            }
        }
    }
}

#[test]
fn an_account_does_what_its_roles_say() {
    let policies = Policies::open(None).unwrap();
    let may = |roles: &[&str], act| policies.may(Subject::Person(&person(roles)), act);
    for verb in [Verb::Publish, Verb::Release, Verb::Rollback] {
        for good in [&["publisher:alpha"][..], &["publisher:*"], &["admin"]] {
            assert!(may(good, Act::Do(verb, "alpha")), "{good:?}");
        }
        for bad in [&[][..], &["editor", "analyst"], &["publisher:beta"], &["publisher:"]] {
            assert!(!may(bad, Act::Do(verb, "alpha")), "{bad:?}");
        }
    }
    assert!(may(&["admin"], Act::Do(Verb::Gc, ANY_NAME)));
    assert!(!may(&["publisher:*"], Act::Do(Verb::Gc, ANY_NAME)));
    assert!(may(&["admin"], Act::Do(Verb::Switch, "alpha")));
    assert!(!may(&["publisher:*"], Act::Do(Verb::Switch, "alpha")));
    assert!(may(&["analyst"], Act::Inspect) && may(&["admin"], Act::Inspect));
    assert!(!may(&["editor", "publisher:*"], Act::Inspect) && !may(&[], Act::Inspect));
    assert!(may(&["editor"], Act::Assume("editor")) && may(&["admin"], Act::Assume("editor")));
    assert!(!may(&["editor"], Act::Assume("admin")) && !may(&[], Act::Assume("editor")));
}

#[test]
fn what_is_private_is_its_owners_and_may_be_read_in_the_same_organisation() {
    let may = |policies: &Policies, who: &Person| -> Vec<&'static str> {
        let all = Whose::ALL.into_iter().flat_map(|whose| Deed::ALL.map(|deed| (whose, deed)));
        let granted = |(whose, deed): &(Whose, Deed)| {
            policies.may(Subject::Person(who), Act::Private(*deed, *whose))
        };
        all.filter(granted).map(|(whose, deed)| grant(whose, deed)).collect()
    };
    let policies = Policies::open(None).unwrap();
    let usual = ["own-read", "own-change", "organisation-read"];
    assert_eq!(may(&policies, &person(&[])), usual);
    assert_eq!(may(&policies, &person(&["admin"])), usual, "not even an admin");
    let loner = Person { organisation: String::new(), ..person(&[]) };
    assert_eq!(may(&policies, &loner), usual[..2]);
    let (key, _) = ApiKey::new("tester", vec![ANY_NAME.to_owned()], Verb::ALL.to_vec()).unwrap();
    assert!(!policies.may(Subject::Key(&key), Act::Private(Deed::Read, Whose::Own)));
    // A site where nothing is shared.
    let closed = r#"permit (principal is Account, action == Action::"read", resource is Private)
        when { resource.owner == principal };"#;
    assert_eq!(may(&Policies::new(closed).unwrap(), &person(&[])), ["own-read"]);
}

#[test]
fn a_sites_own_policies_are_checked_before_they_count() {
    let closed = r#"permit (principal is Account, action == Action::"assume", resource is Role)
        when { principal.organisation == "y" };"#;
    let policies = Policies::new(closed).unwrap();
    assert!(!policies.may(Subject::Person(&person(&["admin"])), Act::Assume("admin")));
    for bad in [
        "permit (principal, action, resource) when { principal.rolls.contains(\"x\") };",
        r#"permit (principal is Person, action, resource);"#,
        r#"permit (principal, action == Action::"relase", resource);"#,
        "permit everybody everything",
    ] {
        assert!(Policies::new(bad).is_err(), "{bad}");
    }
    assert!(Policies::open(Some("/no/such/file".as_ref())).is_err());
}

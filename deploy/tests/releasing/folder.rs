//! Into a folder: whoever can write there operates the registry.

use std::os::unix::fs::PermissionsExt;

use super::Desk;

#[test]
fn a_bundle_of_any_framework_is_described_published_released_and_taken_back() {
    let desk = Desk::new();
    desk.team("team.key", "reports");
    for version in ["1.0.0", "1.1.0"] {
        let dir = desk.built("reports", version);
        let published = desk.run(&["publish", "--from", &dir, "--sign-key", "team.key", "--json"]);
        assert_eq!(published.json()["kind"], "module");
    }
    desk.run(&["release", "reports", "1.0.0", "--reason", "first"]).ok();
    desk.run(&["release", "reports", "1.1.0", "--percent", "10"]).ok();
    let live = || desk.run(&["status", "--json"]).json()["live"]["reports"].clone();
    assert_eq!(live()["canary"]["percent"], 10);
    desk.run(&["release", "reports", "1.1.0"]).ok();
    let back = desk.run(&["rollback", "reports", "--reason", "it broke", "--json"]).json();
    assert_eq!((&back["from"], &back["to"]), (&"1.1.0".into(), &"1.0.0".into()));
    assert_eq!(live()["withdrawn"][0], "1.1.0");

    let history = desk.run(&["history", "--remote", "reports", "--limit", "2", "--json"]).json();
    let history = history.as_array().unwrap();
    assert_eq!(history.len(), 2);
    assert_eq!(history[0]["reason"], "it broke");
    assert_eq!(desk.run(&["history", "--remote", "other", "--json"]).json(), serde_json::json!([]));

    // Everything that a revision names can still be gone back to.
    let kept = desk.run(&["gc", "--keep", "50", "--json"]).json();
    assert_eq!((&kept["removed"], &kept["kept"]), (&serde_json::json!([]), &2.into()));
    // The same again is no failure, other bytes are.
    desk.run(&["publish", "--from", "dist-1.0.0", "--sign-key", "team.key"]).ok();
    super::write(&desk.path("dist-1.0.0/more.js"), "1\n");
    desk.built("reports", "1.0.0");
    let again = desk.run(&["publish", "--from", "dist-1.0.0", "--sign-key", "team.key"]);
    again.refused(1, &["1.0.0 is already published", "raise the version"]);
}

#[test]
fn only_a_trusted_key_publishes_and_only_its_own_names() {
    let desk = Desk::new();
    desk.team("team.key", "reports");
    desk.run(&["keygen", "--out", "stranger.key"]).ok();
    let mode = desk.path("team.key").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let replaced = desk.run(&["keygen", "--out", "team.key"]);
    replaced.refused(1, &["team.key is there already", "--out"]);

    let dir = desk.built("reports", "1.0.0");
    // The registry trusts others already: none is made in passing.
    desk.run(&["publish", "--from", &dir]).refused(1, &["no key to sign with", "--sign-key"]);
    let stranger = desk.run(&["publish", "--from", &dir, "--sign-key", "stranger.key"]);
    stranger.refused(1, &["which is not trusted", "have this one trusted"]);
    let other = desk.built("ledger", "2.0.0");
    let other = desk.run(&["publish", "--from", &other, "--sign-key", "team.key"]);
    other.refused(1, &["may not sign for ledger"]);
    assert!(!desk.path("registry/remotes").exists());

    // What pages believe is the registry's keys, or fewer.
    let root = ["key", "trust-root", "--out", "trust.json", "--names", "reports", "--json"];
    let root = desk.run(&root).json();
    assert_eq!(root[0]["names"], serde_json::json!(["reports"]));
    let written: serde_json::Value =
        serde_json::from_slice(&std::fs::read(desk.path("trust.json")).unwrap()).unwrap();
    assert_eq!(written, root);

    let id = root[0]["id"].as_str().unwrap();
    desk.run(&["key", "distrust", id]).ok();
    desk.run(&["key", "distrust", id]).refused(1, &["there is no key", "key list"]);
    desk.run(&["key", "revoke", "0123456789abcdef"]).refused(1, &["there is no key"]);
}

#[test]
fn a_command_that_makes_no_sense_is_wrong_usage() {
    let desk = Desk::new();
    desk.built("reports", "1.0.0");
    let describe = |more: &[&str]| {
        let from = ["describe", "--from", "dist-1.0.0", "--entry"];
        desk.run(&[&from[..], more].concat())
    };
    let named = ["--name", "reports", "--version", "1.0.0"];
    describe(&[&["other.js"], &named[..]].concat()).refused(2, &["has no file `other.js`"]);
    describe(&["main.js", "--name", "A/b", "--version", "1.0.0"]).refused(2, &["is no name"]);
    describe(&["main.js", "--name", "a", "--version", "1"]).refused(2, &["semver"]);
    let future = [&["main.js", "--contract", "^9.0"], &named[..]].concat();
    describe(&future).refused(2, &["does not fit", "update the host first"]);
    let link = [&["main.js", "--nav", "Reports=20"], &named[..]].concat();
    describe(&link).refused(2, &["--route"]);
    desk.run(&["publish"]).refused(2, &["<REMOTE>"]);
    desk.run(&["publish", "--from", "nowhere"]).refused(1, &["nowhere is no bundle", "describe"]);
    let wrong = desk.run(&["publish", "ledger", "--from", "dist-1.0.0"]);
    wrong.refused(2, &["holds `reports`, not `ledger`"]);
    desk.run(&["release", "reports", "one"]).refused(2, &["is no version"]);
    desk.run(&["release", "reports", "1.0.0", "--percent", "100"]).refused(2, &["1..=99"]);
    desk.run(&["release", "reports", "9.9.9"]).refused(1, &["is not published"]);
    desk.run(&["gc", "--keep", "0"]).refused(1, &["at least 1"]);
    let verbs = ["key", "issue", "--names", "a", "--who", "x", "--verbs", "fly"];
    desk.run(&verbs).refused(2, &["publish, release, rollback, gc or switch"]);
    let gateway = desk.run_on("http://127.0.0.1:1", &["key", "list"]);
    gateway.refused(2, &["not managed through a gateway"]);
}

#[test]
fn traffic_is_switched_in_the_registry_itself() {
    let desk = Desk::new();
    let switch = ["pool", "switch", "reports", "green"];
    let switch = |more: &[&str]| desk.run(&[&switch, more].concat());
    let revision = switch(&["--weight", "10", "--reason", "first tenth", "--json"]).json();
    assert_eq!(
        (&revision["revision"], &revision["domains"]["reports"]["green"]),
        (&1.into(), &10.into())
    );
    switch(&["--if-match", "0"]).refused(1, &["revision 1, not 0"]);
    switch(&["--weight", "101"]).refused(2, &["0..=100"]);
    assert!(switch(&[]).ok().stdout.contains("reports.green gets 100 %"));
    let listed = desk.run(&["pool", "list"]).ok();
    assert!(
        listed.stdout.contains("reports.green") && listed.stdout.contains("100 %"),
        "{}",
        listed.stdout
    );
    assert!(listed.stderr.contains("primary"), "{}", listed.stderr);
}

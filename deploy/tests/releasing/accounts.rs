//! Operators decide who signs in, from the command line, and a log that is there says so.

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use audit::{FILE, Log, Record, what};

use crate::{Desk, Said};

/// Adds an account with what stands on standard input.
fn add(desk: &Desk, password: &str, args: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asterism"));
    command.current_dir(desk.path("")).arg("--data").arg(desk.path("data"));
    command.args(["account", "add"]).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its arguments does not read.
    child.stdin.take().unwrap().write_all(password.as_bytes()).ok();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    Said { code: output.status.code().unwrap(), stdout, stderr }
}

#[test]
fn accounts_are_added_changed_and_let_in_no_longer() {
    let desk = Desk::new();
    let folder = desk.path("data/gateway");
    let begin = Record::new("log", what::BEGIN, "0123456789abcdef", "revision 0");
    Log::open(&folder).unwrap().append(|_| vec![begin]).unwrap();
    let anna = add(&desk, "correct horse battery\n", &["anna", "--roles", "editor", "--json"]);
    assert_eq!(anna.json()["roles"][0], "editor");
    add(&desk, "correct horse battery", &["Anna"]).refused(1, &["already"]);
    add(&desk, "short", &["bob"]).refused(1, &["12 to 256 characters"]);
    add(&desk, "correct horse battery", &["bob", "--roles", "king"]).refused(2, &["publisher:"]);

    let changed = desk.run(&["account", "role", "anna", "analyst", "publisher:*", "--json"]).json();
    assert_eq!(changed["roles"], serde_json::json!(["analyst", "publisher:*"]));
    let totp = desk.run(&["account", "totp", "anna", "--json"]).json();
    let address = totp["totp"].as_str().unwrap();
    assert!(address.starts_with("otpauth://totp/Asterism:anna?secret="), "{address}");
    desk.run(&["account", "totp", "anna", "--off"]).ok();
    assert_eq!(desk.run(&["account", "disable", "anna", "--json"]).json()["disabled"], true);
    desk.run(&["account", "role", "nobody"]).refused(1, &["no account `nobody`"]);
    let listed = desk.run(&["account", "list"]).ok().stdout;
    assert!(listed.contains("anna: analyst, publisher:*, disabled"), "{listed}");
    assert_eq!(
        desk.run(&["account", "disable", "anna", "--undo", "--json"]).json()["disabled"],
        false
    );

    let log = fs::read(folder.join(FILE)).unwrap();
    let entries = audit::verify(&log, &[]).unwrap();
    let told: Vec<_> =
        entries.iter().skip(1).map(|entry| (&*entry.what, &*entry.outcome)).collect();
    assert_eq!(
        told,
        [
            ("account-added", "editor"),
            ("roles-set", "analyst, publisher:*"),
            ("totp-on", "done"),
            ("totp-off", "done"),
            ("account-disabled", "analyst, publisher:*"),
            ("account-enabled", "analyst, publisher:*"),
        ]
    );
}

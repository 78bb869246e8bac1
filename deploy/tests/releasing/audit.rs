//! The log of a site's gateway: the tool adds what it does past the gateway, and finds what was tampered with.

use std::{fs, path::PathBuf};

use audit::{FILE, Log, Record, verify, what};
use registry::{AuditHead, Registry};

use crate::Desk;

const LOG: &str = "0123456789abcdef";

fn own(desk: &Desk) -> String {
    desk.path("data/registry").to_str().unwrap().to_owned()
}

fn file(desk: &Desk) -> PathBuf {
    desk.path("data/gateway").join(FILE)
}

/// What the gateway of a site has done: begun a log.
fn begun(desk: &Desk) {
    let begin = Record::new("log", what::BEGIN, LOG, "revision 0");
    Log::open(&desk.path("data/gateway")).unwrap().append(|_| vec![begin]).unwrap();
}

/// What it does after each change.
fn keep_head(desk: &Desk) {
    let entries = verify(&fs::read(file(desk)).unwrap(), &[]).unwrap();
    let last = entries.last().unwrap();
    let head = AuditHead::new(LOG.to_owned(), last.sequence, last.hash.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let registry = Registry::open(&own(desk)).unwrap();
    runtime.block_on(registry.keep_audit_head(&head)).unwrap();
}

fn issue(desk: &Desk, who: &str) {
    let issue = ["key", "issue", "--names", "search", "--verbs", "release", "--who", who];
    desk.run_on(&own(desk), &issue).ok();
}

#[test]
fn keys_are_recorded_where_there_is_a_log_and_tampering_names_the_first_bad_entry() {
    let desk = Desk::new();
    let run = |args: &[&str]| desk.run_on(&own(&desk), args);
    issue(&desk, "before there was a log");
    run(&["audit", "list"]).refused(1, &["there is no log"]);
    begun(&desk);
    issue(&desk, "team search");
    issue(&desk, "team ask");
    let listed = run(&["audit", "list", "--json"]).json();
    let told: Vec<_> = (1..3).map(|n| (&listed[n]["what"], &listed[n]["outcome"])).collect();
    assert_eq!(told[0].0, "key-added");
    assert_eq!(told[0].1, "team search: release for search");
    assert_eq!(listed.as_array().unwrap().len(), 3);

    run(&["audit", "verify"]).refused(1, &["the registry has no head of log", LOG]);
    keep_head(&desk);
    let head = run(&["audit", "verify", "--json"]).json()["head"].as_str().unwrap().to_owned();
    issue(&desk, "since then");
    assert_eq!(run(&["audit", "verify", "--head", &head, "--json"]).json()["entries"], 4);

    let good = fs::read_to_string(file(&desk)).unwrap();
    fs::write(file(&desk), good.replace("team search", "team search!")).unwrap();
    run(&["audit", "verify"]).refused(1, &["entry 2 was changed", "as written"]);
    run(&["audit", "list"]).refused(1, &["entry 2"]);
    let cut: String = good.split_inclusive('\n').take(2).collect();
    fs::write(file(&desk), cut).unwrap();
    run(&["audit", "verify"]).refused(1, &["entry 3 is missing"]);
    run(&["audit", "verify", "--head", "3:xyz"]).refused(2, &["64 hex digits"]);
}

#[test]
fn an_entry_from_before_the_gateways_first_does_not_hide_which_log_it_is() {
    let desk = Desk::new();
    let early = Record::new("op", what::ACCOUNT_ADDED, "anna", "visitor");
    Log::open(&desk.path("data/gateway")).unwrap().append(|_| vec![early]).unwrap();
    desk.run_on(&own(&desk), &["audit", "verify"]).refused(1, &["no gateway has begun"]);
    begun(&desk);
    keep_head(&desk);
    let checked = desk.run_on(&own(&desk), &["audit", "verify", "--json"]).json();
    assert_eq!((&checked["entries"], &checked["against"]), (&2.into(), &1.into()));
}

#[test]
fn traffic_that_the_tool_switches_itself_is_recorded() {
    let desk = Desk::new();
    begun(&desk);
    let switch = ["pool", "switch", "search", "green", "--weight", "10"];
    desk.run_on(&own(&desk), &switch).ok();
    let listed = desk.run_on(&own(&desk), &["audit", "list", "--json"]).json();
    assert_eq!(listed[1]["what"], what::SWITCH);
    assert_eq!(listed[1]["target"], "search.green 10 %");
    assert_eq!(listed[1]["outcome"], "pools revision 1");
}

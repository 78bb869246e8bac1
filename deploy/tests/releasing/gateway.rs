//! Through a gateway: keys decide who may do what.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{Desk, write};

/// A gateway over the desk's registry, ended when it is dropped.
struct Gateway {
    child: Child,
    url: String,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Gateway {
    /// Deploys a shell that believes the registry's keys, and serves it.
    fn start(desk: &Desk) -> Self {
        shell(desk);
        Self::start_over(desk)
    }

    /// Serves the shell that is there.
    fn start_over(desk: &Desk) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let child = Command::new(program())
            .env("ASTERISM_LISTEN", &address)
            .env("ASTERISM_REGISTRY", desk.registry())
            .env("ASTERISM_SHELL_DIR", desk.path("shell"))
            .env("ASTERISM_STOP_WITH_PARENT", "1")
            .env_remove("ASTERISM_UPSTREAMS")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let gateway = Self { child, url: format!("http://{address}") };
        let begun = Instant::now();
        while !ready(&address) {
            assert!(begun.elapsed() < Duration::from_secs(30), "the gateway is not ready");
            std::thread::yield_now();
        }
        gateway
    }
}

fn ready(address: &str) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect(address).ok()?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

/// The gateway's program. Tests of the whole workspace have built it beside ours.
fn program() -> PathBuf {
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_asterism"));
    let program = ours.with_file_name("api-gateway");
    if !program.exists() {
        let target = ours.parent().and_then(|dir| dir.parent()).unwrap();
        let build = ["build", "--quiet", "--package", "api-gateway", "--bin", "api-gateway"];
        let status =
            Command::new(env!("CARGO")).args(build).env("CARGO_TARGET_DIR", target).status();
        assert!(status.unwrap().success(), "the gateway does not compile");
    }
    program
}

/// Deploys a shell with the registry's keys as its trust root.
fn shell(desk: &Desk) {
    let page = "<html><!--asterism:page--><!--asterism:hints--></html>";
    write(&desk.path("shell/index.html"), page);
    desk.run(&["key", "trust-root", "--out", "shell/trust.json"]).ok();
    write(&desk.path("shell/shell.json"), r#"{"files":{}}"#);
}

/// Issues an API key and returns its secret.
fn issue(desk: &Desk, who: &str, names: &str, verbs: &str) -> String {
    let issue = ["key", "issue", "--names", names, "--verbs", verbs, "--who", who];
    let said = desk.run(&issue).ok();
    assert!(said.stdout.starts_with("ast_") && !said.stderr.contains("ast_"), "{}", said.stderr);
    said.stdout.trim().to_owned()
}

#[test]
fn a_team_ships_over_http_as_far_as_its_key_allows() {
    let desk = Desk::new();
    desk.team("team.key", "reports");
    let team = issue(&desk, "team reports", "reports", "publish");
    let operator = issue(&desk, "operations", "*", "publish,release,rollback,gc,switch");
    let gateway = Gateway::start(&desk);
    let as_team = |args: &[&str]| {
        desk.run_on(&gateway.url, &[args, &["--key", &team, "--sign-key", "team.key"]].concat())
    };
    let as_operator =
        |args: &[&str]| desk.run_on(&gateway.url, &[args, &["--key", &operator]].concat());

    for version in ["1.0.0", "1.1.0"] {
        let dir = desk.built("reports", version);
        let keyless =
            desk.run_on(&gateway.url, &["publish", "--from", &dir, "--sign-key", "team.key"]);
        keyless.refused(1, &["--key or ASTERISM_KEY"]);
        as_team(&["publish", "--from", &dir]).ok();
    }
    as_team(&["release", "reports", "1.0.0"]).refused(1, &["--key or ASTERISM_KEY"]);
    as_operator(&["release", "reports", "1.0.0", "--reason", "first"]).ok();
    let stale = as_operator(&["release", "reports", "1.1.0", "--if-match", "7"]);
    stale.refused(1, &["revision 1, not 7", "asterism history"]);
    as_operator(&["release", "reports", "1.1.0"]).ok();
    let back = as_operator(&["rollback", "reports", "--to", "1.0.0", "--json"]).json();
    // Whose key it was, and not what the caller says of itself.
    let who = back["who"].as_str().unwrap();
    assert!(who.starts_with("operations (key "), "{who}");
    let history = as_team(&["history", "--json"]).json();
    assert_eq!(history.as_array().unwrap().len(), 3);
    assert_eq!(as_team(&["status", "--json"]).json()["outcomes"], serde_json::json!([]));
    as_team(&["pool", "switch", "reports", "green"]).refused(1, &["may only publish"]);
    let unknown = as_operator(&["pool", "switch", "reports", "green"]);
    unknown.refused(1, &["there is no `reports` here"]);
    let pools = as_team(&["pool", "list", "--json"]).json();
    assert_eq!(pools, serde_json::json!({ "revision": 0, "pools": [] }));
    as_team(&["gc"]).refused(1, &["--key or ASTERISM_KEY"]);
    assert_eq!(as_operator(&["gc", "--dry-run", "--json"]).json()["kept"], 2);
}

#[test]
fn the_doctor_sees_a_file_that_changed_after_its_release() {
    let desk = Desk::new();
    desk.team("team.key", "reports");
    let dir = desk.built("reports", "1.0.0");
    desk.run(&["publish", "--from", &dir, "--sign-key", "team.key"]).ok();
    desk.run(&["release", "reports", "1.0.0"]).ok();
    let gateway = Gateway::start(&desk);
    let findings = || {
        let said = desk.run(&["doctor", "--url", &gateway.url, "--json"]);
        let report: Value = serde_json::from_str(&said.stdout).unwrap();
        (said.code, report["findings"].as_array().unwrap().clone())
    };
    let state = |findings: &[Value], about: &str| {
        let found = findings.iter().find(|finding| finding["about"] == about);
        found.unwrap_or(&Value::Null)["state"].as_str().unwrap_or("missing").to_owned()
    };
    let (_, well) = findings();
    let live = "reports 1.0.0 (active)";
    for about in ["gateway", "trust root", "manifest", live, "events"] {
        assert_eq!(state(&well, about), "ok", "{about}: {well:#?}");
    }
    fs::write(desk.path("registry/remotes/reports/1.0.0/main.js"), "evil()").unwrap();
    let (code, ill) = findings();
    assert_eq!((code, &*state(&ill, live)), (1, "wrong"), "{ill:#?}");

    // A shell that was deployed with another trust root refuses what the registry still trusts.
    write(&desk.path("registry/remotes/reports/1.0.0/main.js"), "export const v = '1.0.0';\n");
    fs::write(desk.path("shell/trust.json"), "[]").unwrap();
    let other = Gateway::start_over(&desk);
    let said = desk.run(&["doctor", "--url", &other.url]);
    assert!(said.stdout.contains("pages believe no key"), "{}", said.stdout);
    assert!(said.stdout.contains("pages refuse it"), "{}", said.stdout);
}

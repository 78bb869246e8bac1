//! SIGHUP.

use crate::gateway::{Gateway, configure};

fn status(url: &str) -> u16 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { reqwest::get(url).await.unwrap().status().as_u16() })
}

#[test]
fn a_changed_file_is_taken_over_and_a_wrong_one_is_not() {
    let dir = tempfile::tempdir().unwrap();
    configure(dir.path(), "");
    let gateway = Gateway::start(dir.path());
    let url = format!("{}/api/alpha/x", gateway.url);
    assert_eq!(status(&url), 404, "no such domain");

    configure(dir.path(), "upstreams.alpha = 'http://127.0.0.1:1'\nsessions.secret_file = 'x'\n");
    gateway.signal("HUP");
    assert_eq!(gateway.says("configuration taken over")["changed"], "upstreams.*");
    let waits = gateway.says("changes of these keys take a restart");
    assert_eq!(waits["keys"], "sessions.secret_file");
    assert_eq!(status(&url), 502, "a domain whose service is down");

    configure(dir.path(), "upstream.alpha = 'http://127.0.0.1:1'\ntimeouts.head_ms = 'long'\n");
    gateway.signal("HUP");
    let errors: Vec<String> = (0..2)
        .map(|_| gateway.says("configuration not taken over")["error"].as_str().unwrap().into())
        .collect();
    assert_eq!(errors[0], "asterism.toml:2: there is no key `upstream`; did you mean `upstreams`?");
    assert!(errors[1].starts_with("asterism.toml:3: `timeouts.head_ms` is `'long'`"), "{errors:?}");
    assert_eq!(status(&url), 502, "as before");
    gateway.end();
}

//! What the process writes to standard error.

use crate::gateway::{Gateway, configure};

#[test]
fn each_request_is_a_line_as_soon_as_nothing_else_is_to_do() {
    let dir = tempfile::tempdir().unwrap();
    configure(dir.path(), "");
    let gateway = Gateway::start(dir.path());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = reqwest::Client::new();
    for id in ["first", "second"] {
        let request = client.get([&gateway.url, "/importmap.json"].concat());
        let answer = runtime.block_on(request.header("x-request-id", id).send()).unwrap();
        let line = gateway.says("request");
        assert_eq!(line["request_id"], id, "{line}");
        assert_eq!(line["status"], answer.status().as_u16());
        assert!(line["trace_id"].is_string() && line["duration_ms"].is_number(), "{line}");
    }
    gateway.end();
}

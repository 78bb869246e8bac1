//! The real program, killed while it writes.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use contract::FeedPage;
use mfe_stories_api::Story;
use mfe_stories_service::demo_stories;
use reqwest::Client;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::KEY;

const WRITERS: usize = 4;
/// Writes that were answered before the kill; more are under way.
const ACKNOWLEDGED: usize = 40;

struct Process {
    child: Child,
    base: String,
}

impl Process {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mfe-stories-service"))
            .env("ASTERISM_LISTEN", "127.0.0.1:0")
            .env("ASTERISM_DATA_DIR", data)
            .env("ASTERISM_EDITOR_KEY", KEY)
            .env("ASTERISM_LOG", "info")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
            .find_map(|line| line["address"].as_str().map(str::to_owned))
            .unwrap();
        // A full pipe would stop the service.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { child, base: ["http://", &address, "/api/stories"].concat() }
    }

    /// SIGKILL, and waits for the end.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Adds stories until the service is gone, telling every acknowledged id.
async fn write(client: Client, base: String, writer: usize, told: mpsc::UnboundedSender<String>) {
    let demo = demo_stories().unwrap().swap_remove(0);
    for n in 0.. {
        let story = Story { id: format!("story-{writer}-{n}"), ..demo.clone() };
        let request = client.put(format!("{base}/{}", story.id)).bearer_auth(KEY).json(&story);
        match request.send().await {
            Ok(response) => assert_eq!(response.status(), 201),
            Err(_) => return,
        }
        told.send(story.id).unwrap();
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_sigkill_and_is_in_the_feed() {
    let dir = tempfile::tempdir().unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    let feed = async |base: &str, after: &str| -> FeedPage<Story> {
        let url = format!("{base}/feed?limit=500{after}");
        client.get(url).send().await.unwrap().json().await.unwrap()
    };
    let mut service = Process::start(dir.path());
    let before = feed(&service.base, "").await.cursor;

    let (told, mut acknowledged) = mpsc::unbounded_channel();
    for writer in 0..WRITERS {
        tokio::spawn(write(client.clone(), service.base.clone(), writer, told.clone()));
    }
    drop(told);
    let mut ids = Vec::new();
    while let Some(id) = acknowledged.recv().await {
        ids.push(id);
        if ids.len() == ACKNOWLEDGED {
            service.kill();
        }
    }

    let service = Process::start(dir.path());
    let page = feed(&service.base, &format!("&after={before}")).await;
    for id in &ids {
        let status = client.get(format!("{}/{id}", service.base)).send().await.unwrap().status();
        assert_eq!(status, 200, "{id}");
        assert!(page.changes.iter().any(|change| change.id == *id), "{id}");
    }
}

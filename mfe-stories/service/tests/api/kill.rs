//! The real program, killed while it writes.

use contract::FeedPage;
use mfe_stories_api::Story;
use mfe_stories_service::demo_stories;
use reqwest::Client;
use tokio::sync::mpsc;

use crate::{KEY, process::Process};

const WRITERS: usize = 4;
/// Writes that were answered before the kill; more are under way.
const ACKNOWLEDGED: usize = 40;

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

//! Waiting until a process can do its work.

use std::time::Duration;

use reqwest::{Client, StatusCode};

/// Long enough for a service that fills its index on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);
const BETWEEN: Duration = Duration::from_millis(50);

/// Waits until `/readyz` on the port says yes; returns what it said last when that takes too long.
pub(crate) async fn wait(client: &Client, port: u16) -> Result<(), String> {
    let url = format!("http://127.0.0.1:{port}/readyz");
    let mut last = String::from("it does not answer");
    let yes = async {
        loop {
            match client.get(&url).send().await {
                Ok(answer) if answer.status() == StatusCode::OK => return,
                Ok(answer) => last = answer.text().await.unwrap_or_default(),
                Err(_) => {}
            }
            tokio::time::sleep(BETWEEN).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, yes).await;
    in_time.map_err(|_| last)
}

//! A gateway is replaced while it is used, and nobody notices.

use std::{
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{Router, routing::any};

use crate::gateway::{Gateway, configure};

const CLIENTS: usize = 8;
const RESTARTS: usize = 3;

#[derive(Default)]
struct Load {
    over: AtomicBool,
    answered: AtomicUsize,
    failed: Mutex<Vec<String>>,
}

impl Load {
    async fn run(&self, url: &str, n: usize) {
        // Half of them keep their connection, half take a new one each time.
        let kept = if n.is_multiple_of(2) { usize::MAX } else { 0 };
        let client = reqwest::Client::builder().pool_max_idle_per_host(kept).build().unwrap();
        while !self.over.load(Relaxed) {
            let answer = client.post(url).body("x").send().await;
            let answer = match answer {
                Ok(answer) if answer.status() == 200 => answer.text().await,
                Ok(answer) => answer.error_for_status().map(|_| String::new()),
                Err(error) => Err(error),
            };
            match answer.as_deref() {
                Ok("answer") => drop(self.answered.fetch_add(1, Relaxed)),
                wrong => self.failed.lock().unwrap().push(format!("{wrong:?}")),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_under_load_fails_no_request() {
    let service = any(async || {
        tokio::time::sleep(Duration::from_millis(20)).await;
        "answer"
    });
    let upstream = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = upstream.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(upstream, Router::new().fallback(service)).await });
    let dir = tempfile::tempdir().unwrap();
    configure(dir.path(), &format!("upstreams.alpha = 'http://{address}'\n"));

    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut gateway = Gateway::on_socket(dir.path(), &socket);
    let (load, url) = (Arc::new(Load::default()), format!("{}/api/alpha/x", gateway.url));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|n| {
            let (load, url) = (load.clone(), url.clone());
            tokio::spawn(async move { load.run(&url, n).await })
        })
        .collect();
    let pause = async || tokio::time::sleep(Duration::from_millis(500)).await;
    for _ in 0..RESTARTS {
        pause().await;
        let (folder, shared) = (dir.path().to_owned(), socket.try_clone().unwrap());
        gateway = tokio::task::spawn_blocking(move || {
            let next = Gateway::on_socket(&folder, &shared);
            gateway.end();
            next
        })
        .await
        .unwrap();
    }
    pause().await;
    load.over.store(true, Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    let (answered, failed) = (load.answered.load(Relaxed), load.failed.lock().unwrap());
    println!("{RESTARTS} restarts, {answered} requests answered, {} failed", failed.len());
    assert!(failed.is_empty(), "{failed:?}");
    assert!(answered > 100, "{answered}");
    drop(gateway);
}

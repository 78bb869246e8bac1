//! The two processes.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::JoinHandle,
};

use crate::producer;

pub(crate) const KEY: &str = "the edge's key";

/// Returns a port that is free now, and taken by nobody who asks the system for one in the next moments.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// This test's own program, as a service.
pub(crate) struct Producer {
    file: PathBuf,
    port: u16,
    child: Option<(Child, JoinHandle<Vec<i64>>)>,
    acknowledged: BTreeSet<i64>,
}

impl Producer {
    pub(crate) fn new(file: &Path, port: u16) -> Self {
        Self { file: file.to_owned(), port, child: None, acknowledged: BTreeSet::new() }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Starts it, telling as fast as it can.
    pub(crate) fn start(&mut self, seed: u64) {
        self.spawn(&seed.to_string());
    }

    /// Starts it, telling nothing new.
    pub(crate) fn start_idle(&mut self) {
        self.spawn("");
    }

    fn spawn(&mut self, seed: &str) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "producer::runs_when_it_is_asked_to", "--nocapture"])
            .env(producer::FILE, &self.file)
            .env(producer::SEED, seed)
            .env("ASTERISM_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("ASTERISM_EDGE_KEY", KEY)
            .env("ASTERISM_STOP_WITH_PARENT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let reading = std::thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            // The last one may be half a line.
            lines
                .filter_map(|line| line.strip_prefix("stored ")?.strip_suffix('.')?.parse().ok())
                .collect()
        });
        self.child = Some((child, reading));
    }

    /// SIGKILL, and waits for the end.
    pub(crate) fn kill(&mut self) {
        let Some((mut child, reading)) = self.child.take() else { return };
        child.kill().unwrap();
        child.wait().unwrap();
        self.acknowledged.extend(reading.join().unwrap());
    }

    /// Returns the numbers of which it said that they are stored.
    pub(crate) fn acknowledged(&self) -> BTreeSet<i64> {
        self.acknowledged.clone()
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The journal's program.
pub(crate) struct Consumer {
    data: PathBuf,
    sources: String,
    child: Option<Child>,
}

impl Consumer {
    pub(crate) fn new(data: &Path, port: u16) -> Self {
        let sources = format!("numbers=http://127.0.0.1:{port}");
        Self { data: data.to_owned(), sources, child: None }
    }

    pub(crate) fn start(&mut self) {
        let child = Command::new(env!("CARGO_BIN_EXE_asterism-journal"))
            .env("ASTERISM_LISTEN", "127.0.0.1:0")
            .env("ASTERISM_DATA_DIR", &self.data)
            .env("ASTERISM_EDGE_KEY", KEY)
            .env("ASTERISM_EVENT_SOURCES", &self.sources)
            .env_remove("ASTERISM_GATEWAY_URL")
            .env("ASTERISM_STOP_WITH_PARENT", "1")
            .env("ASTERISM_LOG", "error")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    /// SIGKILL, and waits for the end.
    pub(crate) fn kill(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.kill();
    }
}

//! The real program.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::KEY;

/// A running service; it ends with this.
pub(crate) struct Process {
    child: Child,
    /// Of the stories.
    pub(crate) base: String,
}

impl Process {
    pub(crate) fn start(data: &Path) -> Self {
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

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and waits for the end.
    pub(crate) fn kill(&mut self) {
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

//! A running gateway, its log and its configuration file.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::fd::OwnedFd,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::Value;

/// Longer than anything here takes on a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// A gateway that ends with the test.
pub(crate) struct Gateway {
    child: Child,
    log: Receiver<Value>,
    /// Where it listens: `http://127.0.0.1:<port>`.
    pub(crate) url: String,
}

impl Gateway {
    /// Starts one with `asterism.toml` in `dir`, on a port of its own.
    pub(crate) fn start(dir: &Path) -> Self {
        Self::start_with(dir, &[])
    }

    /// Starts one in an environment of its own.
    pub(crate) fn start_with(dir: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = command(dir, env!("CARGO_BIN_EXE_api-gateway"));
        command.env("ASTERISM_LISTEN", "127.0.0.1:0").stdin(Stdio::null());
        command.envs(environment.iter().copied());
        Self::spawn(command)
    }

    /// Starts one on a socket that it inherits, as systemd and others hand it over: as descriptor 3.
    pub(crate) fn on_socket(dir: &Path, socket: &TcpListener) -> Self {
        let mut command = command(dir, "sh");
        let script = "exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\"";
        command.args(["-c", script, env!("CARGO_BIN_EXE_api-gateway")]);
        command.stdin(OwnedFd::from(socket.try_clone().unwrap()));
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (send, log) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let told = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if send.send(told).is_err() {
                    return;
                }
            }
        });
        let mut gateway = Self { child, log, url: String::new() };
        let listening = gateway.says("listening");
        gateway.url = format!("http://{}", listening["address"].as_str().unwrap());
        gateway
    }

    /// Waits for a line of the log.
    pub(crate) fn says(&self, message: &str) -> Value {
        loop {
            let line = self.log.recv_timeout(SOON).unwrap();
            if line["message"] == message {
                return line;
            }
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Tells it to end, and waits for that.
    pub(crate) fn end(mut self) {
        self.signal("TERM");
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Writes the configuration.
pub(crate) fn configure(dir: &Path, text: &str) {
    let text = format!("server = {{ registry = 'registry', shell_dir = 'shell' }}\n{text}");
    fs::write(dir.join("asterism.toml"), text).unwrap();
}

fn command(dir: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir).stdout(Stdio::null()).stderr(Stdio::piped());
    // What the machine's own environment says is not tested here.
    let ours = |name: &str| name.starts_with("ASTERISM_") || name.starts_with("OTEL_");
    for (name, _) in std::env::vars().filter(|(name, _)| ours(name)) {
        command.env_remove(name);
    }
    command
}

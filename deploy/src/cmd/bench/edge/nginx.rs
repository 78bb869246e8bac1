//! nginx, as an origin and as the proxy that the gateway is compared with.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use nix::unistd::geteuid;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use crate::{process, up::ports};

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that ends when this is dropped.
#[derive(Debug)]
pub(super) struct Nginx {
    child: Child,
    /// Where it is.
    pub(super) url: String,
}

/// What it serves.
pub(super) enum Role<'a> {
    /// A file of JSON below `/api/`, and that it is well.
    Origin(&'a Path),
    /// `/api/` from an origin, and the files of a folder with their `.gz` files.
    Proxy { origin: &'a str, files: &'a Path },
}

impl Nginx {
    /// Starts one with a folder of its own.
    pub(super) async fn start(
        program: &Path,
        folder: &Path,
        role: &Role<'_>,
    ) -> anyhow::Result<Self> {
        let port = ports::choose(0)?;
        std::fs::create_dir_all(folder)?;
        let file = folder.join("nginx.conf");
        process::write(&file, config(folder, port, role))?;
        let child = Command::new(program)
            .arg("-e")
            .arg(folder.join("error.log"))
            .arg("-c")
            .arg(&file)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            let errors = process::last_lines(&folder.join("error.log"), 5);
            ensure!(begun.elapsed() < PATIENCE, "nginx does not listen\n{errors}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Self { child, url: format!("http://127.0.0.1:{port}") })
    }

    /// Ends it with its workers.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        process::ask_to_end(self.child.id());
        self.child.wait().await?;
        Ok(())
    }
}

/// Killed, it would leave its workers behind.
impl Drop for Nginx {
    fn drop(&mut self) {
        process::ask_to_end(self.child.id());
    }
}

/// As its documentation advises for a proxy: a worker for each core, and connections to the origin that stay.
fn config(folder: &Path, port: u16, role: &Role<'_>) -> String {
    let path = |name: &str| folder.join(name).display().to_string();
    let (log, http, server) = match role {
        Role::Origin(json) => {
            let (root, name) = split(json);
            let served = format!(
                "location / {{ return 200; }}\n\
                 location /api/ {{ root {root}; try_files /{name} =404; default_type application/json; }}"
            );
            ("off".to_owned(), String::new(), served)
        }
        Role::Proxy { origin, files } => {
            let address = origin.trim_start_matches("http://");
            let http = format!(
                "upstream origin {{ server {address}; keepalive 64; keepalive_requests 100000000; }}"
            );
            let served = format!(
                "location /api/ {{ proxy_pass http://origin; proxy_http_version 1.1; \
                 proxy_set_header Connection \"\"; proxy_set_header Host $http_host; \
                 proxy_set_header X-Forwarded-For $remote_addr; }}\n\
                 location / {{ root {}; gzip_static on; }}",
                files.display()
            );
            (path("access.log"), http, served)
        }
    };
    format!(
        "daemon off; {user} worker_processes auto; pid {pid}; \n\
         events {{ worker_connections 4096; }}\n\
         http {{\n\
         types {{ application/wasm wasm; text/javascript js; text/css css; application/json json; }}\n\
         access_log {log}; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n\
         client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};\n\
         uwsgi_temp_path {folder}; scgi_temp_path {folder};\n\
         {http}\n\
         server {{ listen 127.0.0.1:{port};\n{server}\n}}\n}}\n",
        // Its workers would be nobody, who may not read what is below root's home.
        user = if geteuid().is_root() { "user root;" } else { "" },
        pid = path("nginx.pid"),
        folder = folder.join("temp").display(),
    )
}

fn split(file: &Path) -> (String, String) {
    let folder = file.parent().map(Path::to_path_buf).unwrap_or(PathBuf::from("/"));
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (folder.display().to_string(), name)
}

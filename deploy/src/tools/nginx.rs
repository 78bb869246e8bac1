//! What the gateway's speed is measured against and by: nginx, and wrk, which sends the load.

use std::path::PathBuf;

use super::{Cache, apt};
use crate::{failure::Failure, process};

const PROGRAMS: [&str; 2] = ["nginx", "wrk"];
const PACKAGES: [&str; 2] = ["nginx-light", "wrk"];
/// Where Debian puts servers, which is not on everybody's `PATH`.
const SERVERS: &str = "/usr/sbin";

/// Makes sure that both are there and returns where.
pub(crate) fn ensure(cache: &Cache) -> anyhow::Result<[PathBuf; 2]> {
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(cache, &PACKAGES, "to measure the gateway against (half a minute)")?;
    find().ok_or_else(|| {
        let what = "nginx or wrk was not found, and the gateway is measured against and by them";
        Failure::new(what, format!("`sudo apt-get install {}`", PACKAGES.join(" "))).into()
    })
}

fn find() -> Option<[PathBuf; 2]> {
    let find = |program| {
        let server = PathBuf::from(SERVERS).join(program);
        process::find(program).or_else(|| server.is_file().then_some(server))
    };
    let [nginx, wrk] = PROGRAMS.map(find);
    Some([nginx?, wrk?])
}

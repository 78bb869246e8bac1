//! `dev`: one remote alone, and inside a running site in one tab.

use std::{net::Ipv4Addr, path::Path};

use anyhow::Context;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    cli::Site,
    cmd::remote_here,
    dev::{Dev, Upstreams, Watcher, fixtures_dir, router},
    failure::Failure,
    term,
    up::ports,
    workspace::{Facts, Workspace},
};

/// Work on one remote: alone with a mock host, and in a running site in your tab only
///
/// Builds it, again whenever its sources change, and reloads the page.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The remote's name
    remote: String,
    /// Where to serve it; 0 takes a free port
    #[arg(long, default_value_t = 9001)]
    port: u16,
    /// The running site [default: the one that `up` runs on the data]
    #[arg(long, value_name = "URL")]
    site: Option<String>,
    /// A service that the site does not know; may be repeated
    #[arg(long, value_name = "DOMAIN=URL", value_parser = upstream)]
    api: Vec<(String, String)>,
}

pub(crate) async fn run(args: Args, options: Site) -> anyhow::Result<()> {
    let Args { remote, port, site, api } = args;
    let workspace = Workspace::find()?;
    let bundled = remote_here(&workspace, &remote)?;
    let data = options.data_dir(Some(&workspace))?;
    let port = ports::choose(port)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.with_context(|| {
        Failure::new(format!("cannot listen on port {port}"), "choose another: --port 0")
    })?;
    // By its name: what a site may load a remote from is listed so.
    let origin = format!("http://localhost:{port}");
    let fixtures = fixtures_dir(&bundled.dir);
    let upstreams = Upstreams::new(site, data, api, fixtures.clone())?;
    tell(&bundled.facts, &origin, &upstreams, &fixtures);
    let (_watcher, current) = Watcher::start(workspace, remote.clone());
    let served = axum::serve(listener, router(Dev { name: remote, origin, current, upstreams }));
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // Not gracefully: open pages listen for ever.
    tokio::select! {
        served = served => Ok(served?),
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    }
}

fn tell(facts: &Facts, origin: &str, upstreams: &Upstreams, fixtures: &Path) {
    let name = &facts.name;
    let path = facts.routes.first().map(|route| start(&route.path)).unwrap_or_default();
    term::say(&format!("alone:       {origin}{path}"));
    match upstreams.site() {
        Some(site) => {
            let link = format!("{site}{path}?asterism-override={name}={origin}/");
            term::say(&format!("in the site: {link}"));
        }
        None => {
            let how = "`asterism up` in its checkout starts one, --site names one";
            term::note(&format!("no site runs: {how}"));
        }
    }
    term::note(&format!("where no service answers, {} does; Ctrl-C ends it", fixtures.display()));
}

/// Returns where a route begins: `/industries` of `/industries/*`, `/story` of `/story/:id`.
fn start(pattern: &str) -> String {
    let literal = pattern.split('/').skip(1).take_while(|s| *s != "*" && !s.starts_with(':'));
    literal.flat_map(|segment| ["/", segment]).collect()
}

fn upstream(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(domain, url)| {
        contract::valid_name(domain) && (url.starts_with("http://") || url.starts_with("https://"))
    });
    let pair = pair.map(|(domain, url)| (domain.to_owned(), url.to_owned()));
    pair.ok_or_else(|| "write it as visits=http://127.0.0.1:8090".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{start, upstream};

    #[test]
    fn a_route_begins_with_its_literal_part() {
        for (pattern, path) in [
            ("/", "/"),
            ("/ask", "/ask"),
            ("/industries/*", "/industries"),
            ("/story/:id", "/story"),
        ] {
            assert_eq!(start(pattern), path, "{pattern}");
        }
    }

    #[test]
    fn a_service_is_a_domain_and_a_url() {
        let expected = ("visits".to_owned(), "http://127.0.0.1:8090".to_owned());
        assert_eq!(upstream("visits=http://127.0.0.1:8090"), Ok(expected));
        for text in ["visits", "http://127.0.0.1", "Visits=http://a", "visits=127.0.0.1"] {
            assert!(upstream(text).is_err(), "{text}");
        }
    }
}

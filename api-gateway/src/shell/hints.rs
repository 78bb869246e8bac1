//! Resource hints for the remote that will answer a path, so that its files load beside the shell's.
//!
//! Every hint has `crossorigin`: without it a preload's request does not match the shell's `fetch`, and
//! the file loads twice. What only `fetch` will use carries no integrity: browsers ignore it there, say
//! so each time, and the one who fetches states it anyway.

use std::fmt::Write;

use contract::{Manifest, Release, best_match};
use registry::DESCRIPTOR;

/// Returns the `<link>` elements for `path` and a session of this bucket.
pub(super) fn hints(manifest: Option<&Manifest>, path: &str, bucket: u16) -> String {
    let mut html = String::new();
    link(&mut html, r#"rel="preload" as="fetch""#, "/manifest.json", None);
    let release = manifest.and_then(|manifest| {
        let remote = best_match(manifest, path)?.remote;
        Some(manifest.remotes.get(remote)?.for_bucket(remote, bucket))
    });
    if let Some(release) = release {
        of_release(&mut html, release);
    }
    html
}

fn of_release(html: &mut String, release: &Release) {
    let Release { entry, preload, styles, .. } = release;
    // Read and checked against its signature before anything else of the release counts.
    link(html, r#"rel="preload" as="fetch""#, &release.url(DESCRIPTOR), None);
    let scripts = std::iter::once(entry).chain(preload.iter().filter(|file| is_script(file)));
    let fetched = preload.iter().filter(|file| !is_script(file));
    for file in scripts {
        link(html, r#"rel="modulepreload""#, &release.url(file), release.integrity(file));
    }
    for file in fetched {
        let kind = if file.ends_with(".wasm") {
            r#"rel="preload" as="fetch" type="application/wasm""#
        } else {
            r#"rel="preload" as="fetch""#
        };
        link(html, kind, &release.url(file), None);
    }
    for file in styles {
        let url = release.url(file);
        link(html, r#"rel="preload" as="style""#, &url, release.integrity(file));
    }
}

fn is_script(file: &str) -> bool {
    file.ends_with(".js") || file.ends_with(".mjs")
}

fn link(html: &mut String, kind: &str, url: &str, integrity: Option<&str>) {
    // Writing to a string cannot fail.
    write!(html, r#"<link {kind} crossorigin="anonymous" href="{}""#, escape(url)).ok();
    if let Some(integrity) = integrity {
        write!(html, r#" integrity="{}""#, escape(integrity)).ok();
    }
    html.push_str(">\n");
}

/// Returns a text as it may stand in HTML, also in a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::hints;

    #[test]
    fn what_a_descriptor_says_cannot_leave_its_attribute() {
        let manifest = serde_json::from_str(
            r#"{"schema":1,"revision":1,"released_at":"","host_contract":"1.0.0","remotes":{"x":{"active":{
                "version":"1.0.0","base":"/remotes/x/1.0.0/","entry":"\"><script>&.js","contract":"^1.0",
                "files":{},"routes":[{"path":"/","title":"X"}]}}}}"#,
        )
        .unwrap();
        let html = hints(Some(&manifest), "/", 0);
        assert!(
            html.contains(r#"href="/remotes/x/1.0.0/&quot;&gt;&lt;script&gt;&amp;.js">"#),
            "{html}"
        );
        assert_eq!(html.lines().count(), 3);
    }

    #[test]
    fn without_a_remote_only_the_manifest_is_hinted() {
        let only = "<link rel=\"preload\" as=\"fetch\" crossorigin=\"anonymous\" href=\"/manifest.json\">\n";
        assert_eq!(hints(None, "/", 0), only);
    }
}

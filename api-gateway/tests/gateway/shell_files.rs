//! The shell's files are served like a remote's, and a new build is picked up.

use std::fs;

use registry::precompress;

use crate::{Site, shell};

#[tokio::test]
async fn hashed_files_are_immutable_and_compressed() {
    let site = Site::new("").await;
    let plain = site.get("/shell/shell-v1.js", &[]).await;
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
    let small = site.get("/shell/shell-v1.js", &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(small.header("content-encoding"), "br");
    assert_eq!(small.body, precompress::brotli(&plain.body).unwrap());
    let etag = small.header("etag");
    let again = [("accept-encoding", "gzip, br"), ("if-none-match", etag)];
    assert_eq!(site.get("/shell/shell-v1.js", &again).await.status, 304);
    for path in ["/shell/index.html", "/shell/shell.json", "/shell/../shell.json"] {
        assert_eq!(site.get(path, &[]).await.problem().0, 404, "{path}");
    }
}

#[tokio::test]
async fn files_that_browsers_look_for_at_the_root_are_found_there() {
    let site = Site::new("").await;
    let icon = site.get("/favicon.svg", &[("accept", "image/*")]).await;
    assert_eq!((icon.header("content-type"), icon.text()), ("image/svg+xml", "<svg/>"));
    assert_eq!(icon.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn a_new_build_is_picked_up_and_a_broken_one_is_not() {
    let site = Site::new("").await;
    shell(site.dir.path(), "second");
    site.state.refresh().await;
    assert!(site.get("/", &[]).await.text().contains(">second</script>"));
    assert_eq!(site.get("/shell/shell-second.js", &[]).await.status, 200);

    fs::write(
        site.dir.path().join("shell/shell.json"),
        r#"{"files":{"gone.js":{"integrity":"","bytes":0}}}"#,
    )
    .unwrap();
    site.state.refresh().await;
    assert!(site.get("/", &[]).await.text().contains(">second</script>"));
    assert_eq!(site.get("/readyz", &[]).await.status, 200);
}

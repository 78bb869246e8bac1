//! Reads `/manifest.json` and settles which version this session gets. Not here: hearing of a new one
//! (`follow`).

use contract::{Manifest, RemoteState, SCHEMA};
use gloo_timers::future::TimeoutFuture;
use web_sys::Response;

use crate::get::get;
use crate::overrides::Override;
use crate::wire;

const PATH: &str = "/manifest.json";

/// Milliseconds before the second and the third try, and at most half as much again by chance.
const WAITS: [u32; 2] = [300, 1_200];

/// Reads the manifest, trying again after a failure.
///
/// # Errors
///
/// Says for people what the last try failed of.
pub(crate) async fn read() -> Result<Manifest, String> {
    for wait in WAITS {
        if let Ok(manifest) = fetch().await {
            return Ok(manifest);
        }
        let chance = (js_sys::Math::random() * f64::from(wait / 2)) as u32;
        TimeoutFuture::new(wait + chance).await;
    }
    fetch().await
}

/// Returns the manifest as a session of this bucket lives it: a version on trial is its active one, with
/// everybody's to fall back to.
pub(crate) fn settled(mut manifest: Manifest, bucket: u16) -> Manifest {
    for (name, state) in &mut manifest.remotes {
        let trial = state.for_bucket(name, bucket).version != state.active.version;
        if let Some(canary) = state.canary.take().filter(|_| trial) {
            state.previous = Some(std::mem::replace(&mut state.active, canary.release));
        }
    }
    manifest
}

/// Returns the manifest as this tab lives it: with the previous version of what it was forced back to, and
/// with the overrides that could be loaded.
pub(crate) fn bent(mut manifest: Manifest, forced: &[String], overrides: &[Override]) -> Manifest {
    for name in forced {
        let Some(state) = manifest.remotes.get_mut(name) else { continue };
        if let Some(previous) = state.previous.take() {
            state.active = previous;
        }
    }
    for Override { name, release, .. } in overrides {
        if let Ok(active) = release.clone() {
            let (canary, previous, withdrawn) = (None, None, Vec::new());
            let state = RemoteState { active, canary, previous, withdrawn };
            manifest.remotes.insert(name.clone(), state);
        }
    }
    manifest
}

async fn fetch() -> Result<Manifest, String> {
    let json = get(PATH, Response::json).await?;
    let manifest = wire::manifest(&json).filter(|manifest| manifest.schema == SCHEMA);
    manifest
        .ok_or_else(|| "it has a shape that this page does not know: reload the page".to_owned())
}

#[cfg(test)]
mod tests {
    use contract::{BUCKETS, Canary};

    use super::{bent, settled};
    use crate::overrides::Override;
    use crate::slot::fixture::{manifest, release};

    #[test]
    fn a_session_on_trial_falls_back_to_what_everybody_has() {
        let mut site = manifest(&[("a", &[])]);
        let state = site.remotes.get_mut("a").unwrap();
        let mut release = release("a", &[]);
        release.version = "2.0.0".to_owned();
        state.canary = Some(Canary { percent: 30, release });
        let mut trials = 0;
        for bucket in 0..BUCKETS {
            let state = settled(site.clone(), bucket).remotes.remove("a").unwrap();
            let previous = state.previous.map(|release| release.version);
            match state.active.version.as_str() {
                "2.0.0" => {
                    trials += 1;
                    assert_eq!(previous.as_deref(), Some("1.0.0"));
                }
                _ => assert_eq!(previous, None),
            }
        }
        assert!((2_700..3_300).contains(&trials), "{trials}");
    }

    #[test]
    fn a_tab_may_go_back_and_take_a_developers_copy() {
        let mut site = manifest(&[("a", &[]), ("b", &[])]);
        let version = |version: &str| {
            let mut release = release("a", &[]);
            release.version = version.to_owned();
            release
        };
        site.remotes.get_mut("a").unwrap().previous = Some(version("0.9.0"));
        let over = |name: &str, release| Override {
            name: name.to_owned(),
            url: "http://localhost:1/".to_owned(),
            release,
        };
        let overrides = [over("b", Ok(version("3.0.0"))), over("c", Err("gone".to_owned()))];
        let forced = ["a".to_owned(), "b".to_owned(), "z".to_owned()];
        let bent = bent(site, &forced, &overrides);
        let active: Vec<_> = bent.remotes.values().map(|s| s.active.version.as_str()).collect();
        assert_eq!(active, ["0.9.0", "3.0.0"]);
    }
}

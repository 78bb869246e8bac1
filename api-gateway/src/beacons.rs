//! `POST /beacons`: pages tell how it went with the remotes that they loaded.
//!
//! Not here: what follows from it (`auto_rollback`). Web vitals and other telemetry.

use std::{
    num::NonZeroU32,
    sync::PoisonError,
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    Extension,
    extract::{DefaultBodyLimit, State},
    http::{Extensions, HeaderValue, StatusCode, header},
};
use contract::{Beacon, BeaconKind, Beacons, LONGEST_MESSAGE, MOST_BEACONS, Manifest};
use service_kit::{ApiError, Json};

use crate::{
    AppState,
    layers::client_address,
    limits::{Keyed, Rate, Verdict},
    outcomes::Witness,
    session::{Seen, SessionId},
};

/// Requests of one session: so many at once, and as many again each minute.
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Largest body: what a page has to tell at once fits many times.
const LARGEST: usize = 64 << 10;

/// Returns what keeps one session from filling the counts.
pub(crate) fn limiter() -> Keyed<SessionId> {
    Keyed::new(Rate::per_minute(PER_MINUTE))
}

fn admit(state: &AppState, session: SessionId) -> Result<(), ApiError> {
    if let Verdict::Left(_) = state.reports.take(&session) {
        return Ok(());
    }
    let detail = "This session reports too often. Try again in a moment.";
    Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too-many-beacons", detail)
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1")))
}

/// Returns the limit of a report's size, for the route.
pub(crate) fn size_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST)
}

/// Takes what a page reports about the remotes that it loaded.
#[utoipa::path(post, path = "/beacons", tag = "manifest", request_body = Beacons, responses(
    (status = 204, description = "Taken; versions that are not live are ignored"),
    (status = 400), (status = 403, description = "Without a session of this site's pages nothing counts"),
    (status = 413), (status = 415), (status = 422),
    (status = 429, description = "This session reports too often, see Retry-After")))]
pub(crate) async fn take(
    State(state): State<AppState>,
    Extension(seen): Extension<Seen>,
    extensions: Extensions,
    Json(Beacons { beacons }): Json<Beacons>,
) -> Result<StatusCode, ApiError> {
    let now = now();
    let Some(session) = seen.reporter(now) else {
        let detail = "Open a page of this site first: reports count for 12 hours after it.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "no-session", detail));
    };
    admit(&state, session)?;
    if beacons.len() > MOST_BEACONS {
        let why = format!("has {} entries, at most {MOST_BEACONS} are taken", beacons.len());
        return Err(ApiError::invalid_field("beacons", why));
    }
    let address = client_address(&extensions);
    let witness = Witness { session, address };
    let Some(snapshot) = state.manifests.current() else { return Ok(StatusCode::NO_CONTENT) };
    for beacon in beacons.iter().filter(|beacon| serves(&snapshot.manifest, beacon)) {
        note(&state, witness, beacon, now).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn note(state: &AppState, witness: Witness, beacon: &Beacon, now: u64) {
    let Beacon { remote, version, kind, phase, message } = beacon;
    let what = match kind {
        BeaconKind::Mounted => "mounted",
        BeaconKind::Failed => "failed",
        BeaconKind::Panicked => "panicked",
    };
    // Only versions of the manifest come here, so the labels are bounded.
    metrics::counter!(
        "remote_outcomes_total",
        "remote" => remote.clone(), "version" => version.clone(), "outcome" => what
    )
    .increment(1);
    if *kind != BeaconKind::Mounted {
        let message: String = message.chars().take(LONGEST_MESSAGE).collect();
        tracing::info!(
            remote.name = remote,
            remote.version = version,
            what,
            phase,
            message,
            "beacon"
        );
    }
    let tally =
        state.outcomes.lock().unwrap_or_else(PoisonError::into_inner).note(now, witness, beacon);
    if let Some(tally) = tally {
        state.watchdog.consider(state, remote, version, tally, now).await;
    }
}

/// Tells whether the version is one that a page may have got.
fn serves(manifest: &Manifest, beacon: &Beacon) -> bool {
    manifest
        .remotes
        .get(&beacon.remote)
        .is_some_and(|state| state.loadable().any(|(_, release)| release.version == beacon.version))
}

/// Returns the time in seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

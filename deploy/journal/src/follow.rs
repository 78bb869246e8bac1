//! Bringing events from a source to a sink, for ever.

use std::time::Duration;

use service_kit::{BoxError, Failed, Patience, chain};
use time::OffsetDateTime;

use crate::{Reading, Sink, Source};

/// Some six seconds, after which the log says what is the matter.
const PATIENCE: Patience = Patience {
    tries: 6,
    first_pause: Duration::from_millis(200),
    longest_pause: Duration::from_secs(5),
};
/// Between two rounds of a source that fails.
const PAUSE: Duration = Duration::from_secs(5);
/// After how long somebody who tells nothing is asked again: it may be a newer program then.
const SILENCE: Duration = Duration::from_secs(60);

/// Follows a source for ever. One that fails is asked again with growing pauses.
pub async fn follow(source: impl Source, sink: impl Sink) {
    loop {
        match PATIENCE.keep(|| step(&source, &sink)).await {
            Ok(Next::Now) => {}
            Ok(Next::Later) => tokio::time::sleep(SILENCE).await,
            Err(error) => {
                tracing::warn!(source = source.name(), cause = chain(&*error), "events wait");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

enum Next {
    Now,
    Later,
}

/// Reads once, and takes what was read.
async fn step(source: &impl Source, sink: &impl Sink) -> Result<Next, Failed<BoxError>> {
    let for_now = |error| Failed::ForNow(error, None);
    let name = source.name();
    let cursor = sink.cursor(name).map_err(for_now)?;
    let reading = source.read(cursor.as_ref()).await.map_err(|error| for_now(error.into()))?;
    let batch = match reading {
        Reading::Events(batch) => batch,
        Reading::Silent => return Ok(Next::Later),
        Reading::Anew => {
            tracing::warn!(source = name, "the source begins anew");
            sink.begin_again(name).map_err(for_now)?;
            return Ok(Next::Now);
        }
    };
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let applied = sink.apply(name, &batch, now).map_err(for_now)?;
    for (what, count) in [
        ("taken", applied.taken),
        ("duplicate", applied.duplicates),
        ("set_aside", applied.set_aside),
        ("missed", applied.missed),
    ] {
        let labels = [("source", name.to_owned()), ("what", what.to_owned())];
        metrics::counter!("journal_events_total", &labels).increment(count);
    }
    let behind = u32::try_from(batch.head - batch.cursor.id).unwrap_or(u32::MAX);
    metrics::gauge!("journal_lag_events", "source" => name.to_owned()).set(f64::from(behind));
    if applied.set_aside > 0 || applied.missed > 0 {
        tracing::warn!(source = name, ?applied, "not all events can be used");
    }
    Ok(Next::Now)
}

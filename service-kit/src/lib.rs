//! What every axum service of the site repeats, so that four slices differ only in their domain.
//!
//! A service is `telemetry::init`, its own `Config`, its own [`axum::Router`], and [`serve()`].
//! [`app`] wraps that router in the common middleware and adds `/healthz`, `/readyz`, `/metrics` and
//! `/openapi.json`.
//!
//! Not here: any domain, any store, the gateway's proxying.

mod bearer;
mod caller;
mod describe;
mod drain;
pub mod env;
mod error;
mod etag;
mod extract;
mod feed;
mod layers;
mod looked_up;
mod meters;
mod next;
mod observe;
mod ops;
#[cfg(feature = "outbox")]
pub mod outbox;
mod readiness;
mod retry;
mod revalidated;
mod serve;
#[cfg(feature = "outbox")]
pub mod storage;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
mod trace;

pub use bearer::{ACCOUNT, BearerKey, EDGE, EdgeKey, ROLES, bearer};
pub use caller::{Caller, Deed, ORGANISATION, PRIVATE, Private, Whose, grant, is_told};
pub use error::{ApiError, chain};
pub use etag::{if_match, if_none_match};
pub use extract::{Json, Path, Query};
pub use feed::{BoxError, FeedSink, follow};
pub use layers::{REQUEST_ID, SESSION, app, app_around, known_as, routes};
pub use looked_up::LookedUp;
pub use meters::{DURATIONS, forget_idle_gauges};
pub use next::{Around, Next};
pub use readiness::Readiness;
pub use retry::{Failed, Patience};
pub use revalidated::{REVALIDATED, revalidated};
pub use serve::{ServeError, bind, serve, serve_until_stopped, stopping, told_to_stop};
pub use trace::{ClientSpan, Try, outgoing};

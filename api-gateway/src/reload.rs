//! SIGHUP: the configuration is read again, and taken over if nothing is wrong with it.

use tokio::signal::unix::{SignalKind, signal};

use crate::{AppState, Config, ConfigErrors, config::Changes};

/// Waits for the signal for ever.
pub(crate) async fn on_hangup(state: AppState) {
    let mut hangups = match signal(SignalKind::hangup()) {
        Ok(hangups) => hangups,
        Err(error) => return tracing::error!(%error, "cannot wait for SIGHUP"),
    };
    while hangups.recv().await.is_some() {
        match Config::load() {
            Ok(config) => take_over(&state, config),
            Err(ConfigErrors(errors)) => {
                for error in errors {
                    tracing::error!(%error, "configuration not taken over");
                }
            }
        }
    }
}

fn take_over(state: &AppState, config: Config) {
    match state.reconfigure(config) {
        Ok(Changes { live, at_restart }) => {
            tracing::info!(changed = live.join(" "), "configuration taken over");
            if !at_restart.is_empty() {
                let keys = at_restart.join(" ");
                tracing::warn!(keys, "changes of these keys take a restart");
            }
        }
        Err(error) => {
            tracing::error!(cause = service_kit::chain(&error), "configuration not taken over");
        }
    }
}

//! `GET /auth/oidc/callback`.

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;
use service_kit::{ApiError, Query};

use super::required;
use crate::{
    AppState, beacons,
    identity::{
        SignedIn,
        oidc::{Back, Oidc, Refusal, begun::forgotten},
        page::{onwards, refused},
    },
};

/// What the provider sends somebody back with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    pub(in crate::identity::oidc) state: String,
    pub(in crate::identity::oidc) iss: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

impl Answer {
    /// Returns the code, or what the provider says instead.
    pub(in crate::identity::oidc) fn code(self) -> Result<String, Refusal> {
        match (self.code, self.error.as_deref()) {
            (Some(code), None) => Ok(code),
            (_, Some("access_denied")) => Err(Refusal::Denied),
            (_, error) => {
                let word = |c: &char| c.is_ascii_lowercase() || *c == '_';
                Err(Refusal::Reported(
                    error.unwrap_or("nothing").chars().filter(word).take(40).collect(),
                ))
            }
        }
    }
}

/// Takes somebody back.
pub(crate) async fn callback(
    State(state): State<AppState>,
    Query(answer): Query<Answer>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let oidc = required(&state)?;
    match admitted(&state, oidc, answer, &headers).await? {
        Ok((SignedIn { cookies, .. }, next)) => {
            onwards(&next, cookies.into_iter().chain(forgotten()).collect())
        }
        Err(refusal) => {
            // Of what was not taken nothing is over: another tab may be on its way.
            let over = if matches!(refusal, Refusal::NotBegun) { None } else { forgotten() };
            refused(&state, &refusal, "/", over.into_iter().collect())
        }
    }
}

/// Lets somebody in for whom the provider vouches; returns where they go.
async fn admitted(
    state: &AppState,
    oidc: &Oidc,
    answer: Answer,
    headers: &HeaderMap,
) -> Result<Result<(SignedIn, String), Refusal>, ApiError> {
    let now = beacons::now();
    let Back { vouched, next } = match oidc.take_back(answer, headers, now).await {
        Ok(back) => back,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let signed_in = state.identity.vouched(vouched, oidc.name(), now).await?;
    Ok(signed_in.map(|signed_in| (signed_in, next)).ok_or(Refusal::Disabled))
}

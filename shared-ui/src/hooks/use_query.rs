//! Data from a server, kept in step with a key.

use std::{cell::Cell, future::Future, rc::Rc, time::Duration};

use contract::Problem;
use web_sys::{AbortController, AbortSignal};
use yew::{
    platform::{spawn_local, time::sleep},
    prelude::*,
};

use super::{
    lean::{use_effect_with, use_state, use_state_eq},
    use_host,
};
use crate::{Loadable, client, kit::Host};

/// What [`use_query`] knows.
#[derive(Debug)]
pub struct Query<T> {
    /// The latest answer. The one before stays while another is on its way.
    pub data: Loadable<T>,
    /// A request is under way.
    pub fetching: bool,
    /// Asks again.
    pub retry: Callback<()>,
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        Self { data: self.data.clone(), fetching: self.fetching, retry: self.retry.clone() }
    }
}

const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LAST_PAUSE: Duration = Duration::from_secs(15);

/// Tells whether a failure may pass without anybody's doing: unreachable, or a server that is not there.
fn may_pass(problem: &Problem) -> bool {
    matches!(problem.status, 0 | 502 | 503 | 504) && !client::is_aborted(problem)
}

/// Fetches with `key`, again whenever it changes; a request for an old key is aborted.
///
/// While a service is down it is asked again with growing pauses, so that the page recovers by itself.
#[hook]
pub fn use_query<K, T, F>(
    key: K,
    fetch: impl Fn(Host, K, Option<AbortSignal>) -> F + 'static,
) -> Query<T>
where
    K: Clone + PartialEq + 'static,
    T: PartialEq + 'static,
    F: Future<Output = Result<T, Problem>> + 'static,
{
    let host = use_host();
    let data = use_state(|| Loadable::Loading);
    let fetching = use_state_eq(|| true);
    let attempt = use_state_eq(|| 0_u32);
    {
        let (data, fetching) = (data.setter(), fetching.setter());
        use_effect_with((key, *attempt), move |(key, _)| {
            let controller = AbortController::new().ok();
            let signal = controller.as_ref().map(AbortController::signal);
            let key = key.clone();
            let wanted = Rc::new(Cell::new(true));
            let still = Rc::clone(&wanted);
            spawn_local(async move {
                let mut pause = FIRST_PAUSE;
                let mut told = None;
                loop {
                    fetching.set(true);
                    let answer = fetch(host.clone(), key.clone(), signal.clone()).await;
                    if !still.get() {
                        return;
                    }
                    fetching.set(false);
                    let again = match answer {
                        Ok(value) => {
                            data.set(Loadable::Ready(Rc::new(value)));
                            false
                        }
                        Err(problem) if client::is_aborted(&problem) => false,
                        Err(problem) => {
                            let again = may_pass(&problem);
                            // The same news twice would be read out twice.
                            if told.replace(problem.status) != Some(problem.status) {
                                data.set(Loadable::Failed(problem));
                            }
                            again
                        }
                    };
                    if !again {
                        return;
                    }
                    sleep(pause).await;
                    if !still.get() {
                        return;
                    }
                    pause = LAST_PAUSE.min(pause * 2);
                }
            });
            move || {
                wanted.set(false);
                if let Some(controller) = controller {
                    controller.abort();
                }
            }
        });
    }
    let retry = {
        let (data, attempt) = (data.setter(), attempt.setter());
        Callback::from(move |()| {
            data.set(Loadable::Loading);
            attempt.update(|attempt| attempt + 1);
        })
    };
    Query { data: (*data).clone(), fetching: *fetching, retry }
}

#[cfg(test)]
mod tests {
    use contract::Problem;

    use super::may_pass;

    #[test]
    fn only_what_may_pass_by_itself_is_asked_again() {
        for (status, code, again) in [
            (0, "unreachable", true),
            (0, "aborted", false),
            (404, "unknown", false),
            (422, "invalid-input", false),
            (500, "internal", false),
            (502, "upstream-down", true),
            (503, "not-ready", true),
            (504, "upstream-timeout", true),
        ] {
            let problem = Problem {
                r#type: format!("/problems/{code}"),
                title: String::new(),
                status,
                detail: String::new(),
                request_id: String::new(),
                errors: Vec::new(),
            };
            assert_eq!(may_pass(&problem), again, "{status} {code}");
        }
    }
}

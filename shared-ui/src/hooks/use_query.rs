//! Data from a server, kept in step with a key.

use std::{cell::RefCell, future::Future, rc::Rc};

use contract::Problem;
use web_sys::{AbortController, AbortSignal};
use yew::{platform::spawn_local, prelude::*};

use super::use_host;
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

/// Fetches with `key`, again whenever it changes; a request for an old key is aborted.
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
            let answer = fetch(host, key.clone(), controller.as_ref().map(AbortController::signal));
            let current = Rc::new(RefCell::new(true));
            let wanted = Rc::clone(&current);
            fetching.set(true);
            spawn_local(async move {
                let answer = answer.await;
                if !*wanted.borrow() {
                    return;
                }
                match answer {
                    Ok(value) => data.set(Loadable::Ready(Rc::new(value))),
                    Err(problem) if problem.code() == client::ABORTED => {}
                    Err(problem) => data.set(Loadable::Failed(problem)),
                }
                fetching.set(false);
            });
            move || {
                *current.borrow_mut() = false;
                if let Some(controller) = controller {
                    controller.abort();
                }
            }
        });
    }
    let retry = {
        let data = data.setter();
        Callback::from(move |()| {
            data.set(Loadable::Loading);
            attempt.set(*attempt + 1);
        })
    };
    Query { data: (*data).clone(), fetching: *fetching, retry }
}

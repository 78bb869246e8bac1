//! Asking each instance again and again whether it is well.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use futures_util::future::join_all;
use http::{
    Request, Uri,
    header::{CONNECTION, HeaderValue},
    uri::{Authority, PathAndQuery},
};

use super::{
    client::Client,
    domains::Domains,
    health::{Condition, Policy},
    pool::Pool,
};

/// Checks every instance for ever.
pub(crate) async fn watch(domains: &Domains, client: &Client) {
    let checks = domains.iter().flat_map(|(_, upstream)| {
        upstream.pools().iter().flat_map(move |pool| {
            (0..pool.instances().len()).map(move |index| (pool.clone(), index, upstream.health()))
        })
    });
    join_all(checks.map(|(pool, index, policy)| watch_one(pool, index, policy, client))).await;
}

async fn watch_one(pool: Arc<Pool>, index: usize, policy: &Policy, client: &Client) {
    let Some(instance) = pool.instances().get(index) else { return };
    let Some(request) = Question::new(instance, &policy.path) else { return };
    loop {
        pool.checked(index, request.ask(client, policy.timeout).await);
        tokio::time::sleep(policy.interval).await;
    }
}

struct Question<'a> {
    instance: &'a Authority,
    path: Uri,
}

impl<'a> Question<'a> {
    fn new(instance: &'a Authority, path: &str) -> Option<Self> {
        let path: PathAndQuery = path.parse().ok()?;
        Some(Self { instance, path: path.into() })
    }

    async fn ask(&self, client: &Client, patience: Duration) -> Condition {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = self.path.clone();
        // Whether it still takes connections is part of the question.
        request.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        match tokio::time::timeout(patience, client.send(self.instance, request)).await {
            Ok(Ok(answer)) if answer.status().is_success() => Condition::Ready,
            Ok(Ok(_)) => Condition::Unready,
            Ok(Err(_)) | Err(_) => Condition::Down,
        }
    }
}

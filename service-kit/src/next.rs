//! Middleware as a chain of functions.
//!
//! A middleware is an async function of a request and of [`Next`], which is all that is inside of it, as with
//! axum's own `from_fn`. There, each layer copies and boxes for every request whatever is inside of it; here
//! a layer costs two pointers and one box. One that waits for nothing itself is an [`Around`], and as many of
//! these as follow each other are one box together. What that means for the gateway is in docs/performance.md.
//!
//! Not here: layers of tower; [`Next`] is a service that they can be put around.

use std::{
    convert::Infallible,
    fmt,
    future::ready,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, future::Map};
use tower::Service;

/// An answer that is on its way.
type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What is inside of a middleware. Copies are one pointer.
#[derive(Clone)]
pub struct Next(Arc<dyn Fn(Request) -> Answering + Send + Sync>);

/// A middleware that waits for nothing: what it does before and after that which is inside of it.
///
/// Of a pair the first is outside.
pub trait Around: Send + Sync + 'static {
    /// What is known before and needed after.
    type Kept: Send + 'static;

    /// Looks at a request, and may change it.
    ///
    /// # Errors
    /// The answer to a request that does not get to what is inside. Boxed, as few are.
    fn before(&self, request: &mut Request) -> Result<Self::Kept, Box<Response>>;

    /// Completes the answer of what is inside.
    fn after(&self, kept: Self::Kept, response: &mut Response) {
        let _ = (kept, response);
    }
}

impl<Outer: Around, Inner: Around> Around for (Outer, Inner) {
    type Kept = (Outer::Kept, Inner::Kept);

    fn before(&self, request: &mut Request) -> Result<Self::Kept, Box<Response>> {
        let outer = self.0.before(request)?;
        match self.1.before(request) {
            Ok(inner) => Ok((outer, inner)),
            Err(mut refused) => {
                self.0.after(outer, &mut refused);
                Err(refused)
            }
        }
    }

    fn after(&self, (outer, inner): Self::Kept, response: &mut Response) {
        self.1.after(inner, response);
        self.0.after(outer, response);
    }
}

impl Next {
    /// Returns what answers by a function of a state and a request.
    pub fn answering<S, F, A, R>(state: S, answer: F) -> Self
    where
        S: Clone + Send + Sync + 'static,
        F: Fn(State<S>, Request) -> A + Send + Sync + 'static,
        A: Future<Output = R> + Send + 'static,
        R: IntoResponse + 'static,
    {
        Self(Arc::new(move |request| {
            // Not in an async block: the handler's future, which may be large, would be copied into it first.
            Box::pin(answer(State(state.clone()), request).map(IntoResponse::into_response))
        }))
    }

    /// Answers a request.
    pub fn run(self, request: Request) -> impl Future<Output = Response> + Send + 'static {
        (self.0)(request)
    }

    /// Puts a middleware around this.
    #[must_use]
    pub fn inside<F, A>(self, middleware: F) -> Self
    where
        F: Fn(Request, Self) -> A + Send + Sync + 'static,
        A: Future<Output = Response> + Send + 'static,
    {
        Self(Arc::new(move |request| Box::pin(middleware(request, self.clone()))))
    }

    /// Puts a middleware around this that waits for nothing.
    #[must_use]
    pub fn within(self, around: impl Around) -> Self {
        let around = Arc::new(around);
        Self(Arc::new(move |mut request| match around.before(&mut request) {
            Ok(kept) => {
                let (around, answering) = (around.clone(), (self.0)(request));
                Box::pin(answering.map(move |mut response| {
                    around.after(kept, &mut response);
                    response
                }))
            }
            Err(refused) => Box::pin(ready(*refused)),
        }))
    }

    /// Returns what has each request answered by that which `choose` returns for it.
    pub fn choosing(choose: impl Fn(&Request) -> Self + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |request| (choose(&request).0)(request)))
    }

    /// Puts a middleware that has a state around this.
    #[must_use]
    pub fn inside_with<S, F, A>(self, state: S, middleware: F) -> Self
    where
        S: Clone + Send + Sync + 'static,
        F: Fn(State<S>, Request, Self) -> A + Send + Sync + 'static,
        A: Future<Output = Response> + Send + 'static,
    {
        self.inside(move |request, next| middleware(State(state.clone()), request, next))
    }
}

impl From<Router> for Next {
    fn from(router: Router) -> Self {
        Self(Arc::new(move |request| {
            let mut router = router.clone();
            Box::pin(async move {
                match router.call(request).await {
                    Ok(response) => response,
                    Err(never) => match never {},
                }
            })
        }))
    }
}

impl From<Next> for Router {
    fn from(next: Next) -> Self {
        Self::new().fallback_service(next)
    }
}

impl Service<Request> for Next {
    type Response = Response;
    type Error = Infallible;
    type Future = Map<Answering, fn(Response) -> Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        (self.0)(request).map(Ok)
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::Body,
        extract::{Request, State},
        http::{HeaderValue, StatusCode},
        response::{IntoResponse, Response},
        routing::get,
    };
    use tower::ServiceExt;

    use super::{Around, Next};

    /// Tells the way, and refuses the paths of its name.
    struct Named(&'static str);

    impl Around for Named {
        type Kept = usize;

        fn before(&self, request: &mut Request) -> Result<usize, Box<Response>> {
            let before = request.headers().get_all("way").iter().count();
            request.headers_mut().append("way", HeaderValue::from_static(self.0));
            let refused = request.uri().path().trim_start_matches('/') == self.0;
            if refused { Err(Box::new(StatusCode::FORBIDDEN.into_response())) } else { Ok(before) }
        }

        fn after(&self, before: usize, response: &mut Response) {
            let told = HeaderValue::try_from(format!("{} {before}", self.0)).unwrap();
            response.headers_mut().append("back", told);
        }
    }

    async fn answered(by: &Next, path: &str) -> (StatusCode, Vec<String>) {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let answer = by.clone().run(request).await;
        let back = answer.headers().get_all("back").iter();
        (answer.status(), back.map(|told| told.to_str().unwrap().to_owned()).collect())
    }

    #[tokio::test]
    async fn of_those_that_wait_for_nothing_who_let_a_request_in_complete_its_answer() {
        let inner = Next::answering((), |_, _: Request| async { StatusCode::OK });
        let chain = inner.within((Named("one"), (Named("two"), Named("three"))));
        let all = ["three 2", "two 1", "one 0"];
        for (path, status, back) in [
            ("/", StatusCode::OK, &all[..]),
            ("/three", StatusCode::FORBIDDEN, &all[1..]),
            ("/two", StatusCode::FORBIDDEN, &all[2..]),
            ("/one", StatusCode::FORBIDDEN, &[]),
        ] {
            let (got, told) = answered(&chain, path).await;
            assert_eq!(got, status, "{path}");
            assert_eq!(told, back, "{path}");
        }
    }

    #[tokio::test]
    async fn each_request_is_answered_by_what_is_chosen_for_it() {
        let by = |name| Next::answering((), |_, _: Request| async {}).within(Named(name));
        let (one, two) = (by("a"), by("b"));
        let chosen =
            Next::choosing(
                move |request| {
                    if request.uri().path() == "/one" { one.clone() } else { two.clone() }
                },
            );
        for (path, expected) in [("/one", "a 0"), ("/two", "b 0")] {
            assert_eq!(answered(&chosen, path).await.1, [expected]);
        }
    }

    async fn named(State(name): State<&'static str>, mut request: Request, next: Next) -> Response {
        request.headers_mut().append("way", HeaderValue::from_static(name));
        let mut response = next.run(request).await;
        response.headers_mut().append("back", HeaderValue::from_static(name));
        response
    }

    #[tokio::test]
    async fn the_last_that_is_put_around_sees_a_request_first_and_its_answer_last() {
        async fn handler(request: Request) -> String {
            let way = request.headers().get_all("way").iter();
            way.map(|name| name.to_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        }
        let routes = Router::new().route("/", get(handler));
        let chain = Next::from(routes).inside_with("inner", named).inside_with("outer", named);
        let answer = Router::from(chain).oneshot(Request::new(Body::empty())).await.unwrap();
        let back: Vec<_> = answer.headers().get_all("back").iter().collect();
        assert_eq!(back, ["inner", "outer"]);
        let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
        assert_eq!(body, "outer inner");
    }
}

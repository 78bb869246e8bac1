//! Asking again what failed for now.
//!
//! Not here: which failures pass; that is told by who tries. No circuit is broken, and no budget is shared.

use std::{fmt::Display, time::Duration};

/// Why one try failed.
#[derive(Debug)]
pub enum Failed<E> {
    /// Worth another try, after the pause that the other side asks for.
    ForNow(E, Option<Duration>),
    /// Not worth another.
    ForGood(E),
}

impl<E> Failed<E> {
    fn error(self) -> E {
        match self {
            Self::ForNow(error, _) | Self::ForGood(error) => error,
        }
    }
}

/// How often and how patiently something is tried.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Tries at most; at least one is made.
    pub tries: u32,
    /// Before the second try, where the other side asks for no pause; twice as long before each further one.
    pub first_pause: Duration,
    /// Who asks for a longer pause is given up at once.
    pub longest_pause: Duration,
}

impl Patience {
    /// Tries until it works, fails for good, or patience ends.
    ///
    /// # Errors
    /// That of the last try.
    pub async fn keep<T, E: Display, F>(&self, mut attempt: impl FnMut() -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, Failed<E>>>,
    {
        let mut pause = self.first_pause;
        for _ in 1..self.tries {
            match attempt().await {
                Err(Failed::ForNow(error, wait)) => {
                    let wait = wait.unwrap_or(pause);
                    if wait > self.longest_pause {
                        return Err(error);
                    }
                    tracing::debug!(?wait, %error, "trying again");
                    tokio::time::sleep(wait).await;
                    pause *= 2;
                }
                done => return done.map_err(Failed::error),
            }
        }
        attempt().await.map_err(Failed::error)
    }
}

//! Data that comes from elsewhere.

use std::rc::Rc;

use contract::Problem;

/// What is known of some remote data.
#[derive(Debug, PartialEq)]
pub enum Loadable<T> {
    /// Asked for the first time.
    Loading,
    /// There; perhaps being asked for again.
    Ready(Rc<T>),
    /// Could not be had.
    Failed(Problem),
}

// By hand, because `T` need not be cloneable.
impl<T> Clone for Loadable<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Ready(value) => Self::Ready(Rc::clone(value)),
            Self::Failed(problem) => Self::Failed(problem.clone()),
        }
    }
}

impl<T> Loadable<T> {
    /// Returns the data when it is there.
    #[must_use]
    pub fn ready(&self) -> Option<&Rc<T>> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

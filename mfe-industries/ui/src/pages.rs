//! The pages, one a file.

mod detail;
mod index;
mod not_found;

pub(crate) use detail::Detail;
pub(crate) use index::Index;
pub(crate) use not_found::NotFound;

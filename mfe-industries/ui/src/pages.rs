//! The pages, one a file: from data to markup.

mod index;
mod landing;

pub(crate) use index::index;
pub(crate) use landing::{back, landing, title};

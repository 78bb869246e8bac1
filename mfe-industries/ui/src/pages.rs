//! The pages, one a file: from data to markup.

mod index;
mod landing;

pub(crate) use index::{all_chips, index};
pub(crate) use landing::{back, landing, title};

//! The parts of the pages, one a file: plain functions from data to markup.

mod capability;
mod links;
mod timeline;

pub(crate) use capability::{group, story_list};
pub(crate) use links::{link, search};
pub(crate) use timeline::timeline;

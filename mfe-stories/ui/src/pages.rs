//! The pages, one a route.

mod story_page;

pub(crate) use story_page::StoryPage;

//! The stories that a new store begins with.

use mfe_stories_api::Story;

use super::StoreError;

const DEMO: &str = include_str!("../../stories.jsonl");

/// Returns the demo stories.
///
/// # Errors
/// The file that was compiled in is broken; a test rules it out.
pub fn demo_stories() -> Result<Vec<Story>, StoreError> {
    (1..)
        .zip(DEMO.lines())
        .map(|(line, text)| {
            serde_json::from_str(text).map_err(|source| StoreError::Demo { line, source })
        })
        .collect()
}

//! The bundle's root. Nothing starts by itself: the entry calls the exports of `lifecycle`.

// Links the library, whose exports would otherwise be dropped.
use mfe_search_ui as _;

fn main() {}

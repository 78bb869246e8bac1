//! Runs the search service.

fn main() {}

//! Runs the industries service.

fn main() {}

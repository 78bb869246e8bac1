//! `cargo asterism`.

fn main() {}
